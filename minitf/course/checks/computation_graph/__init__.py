"""The exercises of chapter 02, one file each; ch02_computation_graph.py lists them."""
