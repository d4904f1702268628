#![allow(x)]

use a;
