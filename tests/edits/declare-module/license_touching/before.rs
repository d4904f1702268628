// Copyright.
use a;
