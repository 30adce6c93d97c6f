"""Passes: what a compiler does to a traced graph before it runs.

    for stage in concrete.passes():
        print(stage.name, stage.before, "->", stage.after)     # numbers of operations

A pass is a pure function from one graph to another that computes the same: nothing is changed in
place, so that each stage can be looked at. One file per pass; pipeline.py has their order, and
tf.config.optimizer switches each of them.

    prune                   what no result needs is not computed
    constant_folding        what no argument changes is computed once
    arithmetic              x * 1 is x
    common_subexpressions   what is computed twice is computed once
    fusion                  what belongs together becomes one operation (fuse_*.py)
"""
