"""The record and its files, who may see it, and what it answers (văn bản). Front door: `operations`, `queries`."""
