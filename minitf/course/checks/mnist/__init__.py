"""The exercises of chapter 13, one file each; ch13_mnist.py lists them."""
