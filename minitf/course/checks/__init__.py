"""One module per chapter, named like it: `ch00_start_here.py` holds a tuple `EXERCISES`.

The registry lists this folder, so a new chapter is a new file and nothing else changes.
"""
