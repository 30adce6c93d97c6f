"""The exercises of chapter 01, one file each."""
