mod accounts {}
