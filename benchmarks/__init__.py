"""minitf beside TensorFlow, PyTorch, JAX, autograd and micrograd: see README.md in this folder."""
