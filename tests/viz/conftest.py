"""Puts this folder on the path, for `samples` in the tests of its subfolders."""
