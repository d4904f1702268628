mod accounts;

fn accounts() {}
