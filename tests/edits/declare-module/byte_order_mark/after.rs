mod é;
mod x;
mod y;
