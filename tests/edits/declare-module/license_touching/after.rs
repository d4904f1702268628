// Copyright.
mod accounts;

use a;
