
struct web;
