// Copyright.

mod accounts;

// The imports.
use a;
