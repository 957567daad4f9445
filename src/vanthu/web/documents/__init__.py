"""One document: the process screen, its pages and files."""
