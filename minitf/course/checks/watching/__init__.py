"""The exercises of chapter 05, one file each."""
