// Copyright.

// The imports.
use a;
