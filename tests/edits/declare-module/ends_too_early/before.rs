mod a;

#[cfg(test)]
