#!/usr/bin/env run
use é;
mod b;
