"""One module a family of commands; each is imported only when its command is run."""
