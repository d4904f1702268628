mod é;
mod x;
