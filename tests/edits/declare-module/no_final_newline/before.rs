mod a;
mod b;