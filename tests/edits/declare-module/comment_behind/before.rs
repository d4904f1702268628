mod a; // first
mod c; // third
