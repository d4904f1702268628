mod a; // first
mod b;
mod c; // third
