"""Kernels for the fast path: operations that write into a given array, and several in one.

    elementwise.py                       FUNCTIONS["Mul"](a, b, out)
    chain.py                             many element-wise operations, block by block
    matmul_bias.py                       product, bias and relu
    cross_entropy_with_gradient.py       the loss and its gradient share one softmax
    conv_pool.py                         convolution, bias, relu and max pooling, forward and back

Nothing here is needed to compute: each is tested equal to the operations it stands for. A traced
function uses them once the pass `fusion` and the plan have found a place for them.
"""
