#![allow(x)]

mod accounts;

use a;
