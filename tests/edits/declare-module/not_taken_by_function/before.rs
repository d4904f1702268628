fn accounts() {}
