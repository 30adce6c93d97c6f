"""What goes wrong in a first `sweep`: each function here is a walk back with one slip.

overwrites(entries, target, sources, rules)     # `=` where the parts should add up
"""

from __future__ import annotations

import numpy as np


def _nothing_arrived(arrived):
    return arrived is None


def _or_zero(gradients, here):
    return gradients.get(here, 0.0)


def _walk(
    entries, target, sources, rules, *,
    order=-1, seed=None, key=id, skip=_nothing_arrived, stop=False, get=dict.__getitem__,
    take=False, upstream=True, attrs=True, drop_none=True, stop_at_none=False, add=True,
    in_place=False,
):  # fmt: skip
    """One walk, with a place for each slip."""
    gradients = {key(target): np.ones_like(target.data) if seed is None else seed}
    for entry in entries[::order]:
        here = key(entry.output)
        if skip and skip(gradients.get(here)):
            if stop:
                break
            continue
        arrived = get(gradients, here)
        if take:
            del gradients[here]
        given = arrived if upstream else np.ones_like(arrived)
        inputs = tuple([x.data for x in entry.inputs])
        further = entry.attrs if attrs else {}
        found = rules[entry.op](given, inputs, entry.output.data, **further)
        for x, gradient in zip(entry.inputs, found, strict=True):
            if gradient is None and stop_at_none:
                break
            if gradient is None and drop_none:
                continue
            if in_place and key(x) in gradients:
                gradients[key(x)] += gradient
            else:
                have = gradients.get(key(x), 0.0) if add and not in_place else None
                gradients[key(x)] = gradient if have is None else have + gradient
    return [gradients.get(key(source)) for source in sources]


def walks_forward(entries, target, sources, rules):
    return _walk(entries, target, sources, rules, order=1)


def overwrites(entries, target, sources, rules):
    return _walk(entries, target, sources, rules, add=False)


def ignores_upstream(entries, target, sources, rules):
    return _walk(entries, target, sources, rules, upstream=False)


def seeds_one_number(entries, target, sources, rules):
    return _walk(entries, target, sources, rules, seed=np.array(1.0))


def seeds_the_value(entries, target, sources, rules):
    return _walk(entries, target, sources, rules, seed=target.data)


def hands_none_to_rules(entries, target, sources, rules):
    return _walk(entries, target, sources, rules, skip=None, get=dict.get)


def zero_upstream(entries, target, sources, rules):
    return _walk(entries, target, sources, rules, skip=None, get=_or_zero)


def skips_nothing(entries, target, sources, rules):
    return _walk(entries, target, sources, rules, skip=None)


def by_number(entries, target, sources, rules):
    def number(x):
        return x.data.tobytes()

    return _walk(entries, target, sources, rules, key=number)


def by_name(entries, target, sources, rules):
    def name(x):
        return x.name

    return _walk(entries, target, sources, rules, key=name)


def without_attrs(entries, target, sources, rules):
    return _walk(entries, target, sources, rules, attrs=False)


def takes_away(entries, target, sources, rules):
    return _walk(entries, target, sources, rules, take=True)


def zero_for_no_path(entries, target, sources, rules):
    found = _walk(entries, target, sources, rules)
    pairs = zip(sources, found, strict=True)
    return [np.zeros(x.shape) if gradient is None else gradient for x, gradient in pairs]


def stumbles_over_strangers(entries, target, sources, rules):
    found = zip(sources, _walk(entries, target, sources, rules), strict=True)
    gradients = {id(source): gradient for source, gradient in found if gradient is not None}
    return [gradients[id(source)] for source in sources]


def leaves_out_none(entries, target, sources, rules):
    return [g for g in _walk(entries, target, sources, rules) if g is not None]


def turns_the_tape(entries, target, sources, rules):
    entries.reverse()
    return _walk(entries, target, sources, rules, order=1)


def writes_into_arrays(entries, target, sources, rules):
    return _walk(entries, target, sources, rules, in_place=True)


def adds_none(entries, target, sources, rules):
    return _walk(entries, target, sources, rules, drop_none=False)


def recursive(entries, target, sources, rules):
    if not entries:
        ones = np.ones_like(target.data)
        return [ones if source is target else None for source in sources]

    def go(k, gradients):
        if k < 0:
            return gradients
        entry = entries[k]
        upstream = gradients.get(id(entry.output))
        if upstream is not None:
            inputs = tuple([x.data for x in entry.inputs])
            found = rules[entry.op](upstream, inputs, entry.output.data, **entry.attrs)
            for x, gradient in zip(entry.inputs, found, strict=True):
                if gradient is not None:
                    gradients[id(x)] = gradients.get(id(x), 0.0) + gradient
        return go(k - 1, gradients)

    gradients = go(len(entries) - 1, {id(target): np.ones_like(target.data)})
    return [gradients.get(id(source)) for source in sources]


def stops_at_a_stranger(entries, target, sources, rules):
    return _walk(entries, target, sources, rules, stop=True)


def asks_for_truth(entries, target, sources, rules):
    def not_true(arrived):
        return not arrived

    return _walk(entries, target, sources, rules, skip=not_true)


def skips_zero(entries, target, sources, rules):
    def none_or_zero(arrived):
        return arrived is None or not np.any(arrived)

    return _walk(entries, target, sources, rules, skip=none_or_zero)


def multiplies_again(entries, target, sources, rules):
    def twice(rule):
        def multiplied(upstream, inputs, output, **attrs):
            parts = rule(upstream, inputs, output, **attrs)
            return tuple([None if part is None else part * upstream for part in parts])

        return multiplied

    return _walk(entries, target, sources, {op: twice(rule) for op, rule in rules.items()})


def seeds_an_object(entries, target, sources, rules):
    return _walk(entries, target, sources, rules, seed=np.ones_like(target))


def stops_at_none(entries, target, sources, rules):
    return _walk(entries, target, sources, rules, stop_at_none=True)
