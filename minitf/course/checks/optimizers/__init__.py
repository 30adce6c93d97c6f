"""Checks of chapter 11, one file per exercise."""
