"""tf.Module: which variables are found, and in which order."""

import pytest

from minitf import Variable
from minitf.module import Module, snake_case


class Line(Module):
    def __init__(self, name=None):
        super().__init__(name)
        self.w = Variable(3.0, name="w")
        self.b = Variable(1.0, name="b", trainable=False)


class Holder(Module):
    def __init__(self):
        super().__init__()
        self.z = Variable(0.0, name="z")
        self.parts = [Line(), {"k": Line(), "a": (Variable(5.0, name="deep"),)}]
        self.again = self.z


def names(variables):
    return [v.name.removesuffix(":0") for v in variables]


def test_variables_stand_in_the_order_of_the_attribute_names():
    assert names(Line().variables) == ["b", "w"]


def test_variables_of_lists_dicts_and_modules_are_found_once_own_ones_first():
    assert names(Holder().variables) == ["z", "deep", "b", "w", "b", "w"]


def test_trainable_and_not():
    line = Line()
    assert names(line.trainable_variables) == ["w"]
    assert names(line.non_trainable_variables) == ["b"]


def test_a_module_that_holds_itself_ends():
    holder = Holder()
    holder.me = holder
    assert len(holder.variables) == 6
    assert holder not in holder.submodules
    assert len(holder.submodules) == 2


def test_names():
    assert Holder().name == "holder"
    assert Line("first").name == "first"
    assert snake_case("MyDenseLayer") == "my_dense_layer"
    with pytest.raises(ValueError, match="identifier"):
        Line("two words")


def test_with_name_scope_names_variables_after_the_module():
    class Scale(Module):
        @Module.with_name_scope
        def __call__(self, x):
            if not hasattr(self, "w"):
                self.w = Variable(2.0, name="w")
            return self.w * x

    module = Scale(name="outer")
    assert module(3.0).numpy() == 6.0
    assert module.w.name == "outer/w:0" and module.name_scope.name == "outer/"
