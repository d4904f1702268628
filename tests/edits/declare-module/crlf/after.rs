use a;

mod b;
mod c;
mod d;
