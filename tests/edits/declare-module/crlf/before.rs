use a;

mod b;
mod d;
