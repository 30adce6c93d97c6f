"""The shape of the code: imports go one way, files are short, importing needs NumPy alone."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "minitf"
FILES = sorted(path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts)

# Values know nothing of operations, operations nothing of tapes, tapes nothing of Keras.
LAYERS = {
    "values": [
        "conversion", "dtypes", "errors", "nest", "shape", "state", "tensor", "tensor_spec",
        "variable",
    ],
    "execute": ["execute", "indexed_slices", "registry", "seeds"],
    "ops": ["ops"],
    "tape": ["backward", "custom_gradient", "explain", "forward", "gradient_arguments",
             "jacobian", "tape"],
    "keras": ["keras"],
}  # fmt: skip
ORDER = list(LAYERS)


def imports(path, lazy=False):
    """Modules that a file imports when it is imported (or also later, inside functions)."""
    tree = tree_of(path)
    for node in ast.walk(tree) if lazy else at_import(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = module_of(path).split(".")[: -node.level] if node.level else []
            module = ".".join([*package, *filter(None, [node.module])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def tree_of(path):
    return ast.parse(path.read_text("utf-8"))


def module_of(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def at_import(node):
    """The statements that run when a file is imported: not the bodies of functions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from at_import(child)


def layer_of(module):
    """Which layer a module of ours belongs to, by its first name after `minitf`."""
    parts = module.split(".")
    if parts[0] != "minitf" or len(parts) < 2:
        return None
    return next((layer for layer, names in LAYERS.items() if parts[1] in names), None)


def test_there_are_files_in_every_layer():
    found = {layer_of(module_of(path)) for path in FILES}
    assert found == {None, *ORDER}
    for names in LAYERS.values():
        for name in names:
            assert (PACKAGE / name).is_dir() or (PACKAGE / f"{name}.py").is_file(), name


def test_imports_go_one_way():
    wrong = []
    for path in FILES:
        layer = layer_of(module_of(path))
        above = ORDER[ORDER.index(layer) + 1 :] if layer else []
        wrong += [f"{path.name}: {name}" for name in imports(path) if layer_of(name) in above]
    assert wrong == [], "imports of what is built on the importing module"


def test_the_framework_does_not_import_pictures_and_course():
    users = ("minitf.viz", "minitf.course")
    wrong = [
        f"{path.name}: {name}"
        for path in FILES
        if not module_of(path).startswith(users)
        for name in imports(path)
        if name.startswith(users)
    ]
    assert wrong == []


def test_pictures_do_not_import_the_course():
    for path in (PACKAGE / "viz").rglob("*.py"):
        assert not [name for name in imports(path, lazy=True) if name.startswith("minitf.course")]


def test_pictures_read_inspect_and_not_the_tape():
    for path in (PACKAGE / "viz").rglob("*.py"):
        names = {node.attr for node in ast.walk(tree_of(path)) if isinstance(node, ast.Attribute)}
        assert not names & {"_records", "_watched", "_notes"}, path


def test_no_wildcard_imports():
    stars = [path.name for path in FILES for name in imports(path, lazy=True) if name[-1] == "*"]
    assert stars == []


def test_files_are_short():
    lines = {path.name: len(path.read_text("utf-8").splitlines()) for path in FILES}
    assert {name: n for name, n in lines.items() if n > 400} == {}, "one idea per file"


def test_files_say_what_they_are_for():
    silent = [path for path in FILES if path.read_text("utf-8") and not docstring(path)]
    assert silent == []


def docstring(path):
    return ast.get_docstring(tree_of(path))


def test_no_metaclasses():
    for path in FILES:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ClassDef):
                assert "metaclass" not in [keyword.arg for keyword in node.keywords], path


def test_nothing_is_unpickled():
    unsafe = {"pickle", "marshal", "shelve", "dill"}
    for path in FILES:
        assert not unsafe & {name.split(".")[0] for name in imports(path, lazy=True)}, path


def test_gradient_rules_are_functions_of_call_and_upstream():
    """A rule is written out, not a lambda, and takes `(call, upstream)`."""
    import inspect

    import minitf as tf
    from minitf.registry import OPS

    assert tf.keras  # everything defined
    for op in OPS.values():
        if op.gradient is not None:
            assert op.gradient.__name__ != "<lambda>", op
            assert list(inspect.signature(op.gradient).parameters) == ["call", "upstream"], op


FRESH = """
import sys, time
start = time.perf_counter()
import minitf
print(time.perf_counter() - start)
print(*sorted({name.split(".")[0] for name in sys.modules}))
print(*sorted(name for name in sys.modules if name.startswith("minitf.")))
"""


@pytest.fixture(scope="module")
def fresh_import():
    """Seconds, top-level modules and our own modules after `import minitf` in a new process."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-X", "utf8", "-c", FRESH]
    result = subprocess.run(
        command, capture_output=True, text=True, env=environment, timeout=60, check=True
    )
    seconds, modules, ours = result.stdout.splitlines()
    return float(seconds), set(modules.split()), set(ours.split())


def test_importing_needs_numpy_alone(fresh_import):
    seconds, modules, _ = fresh_import
    bare = subprocess.run(
        [sys.executable, "-c", "import sys, numpy; print(*sys.modules)"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    known = {name.split(".")[0] for name in bare.stdout.split()} | set(sys.stdlib_module_names)
    print(f"import minitf took {seconds:.3f} s, NumPy included")
    assert modules - known - {"minitf", "__main__", "__mp_main__"} == set()
    assert not modules & {"matplotlib", "IPython", "anywidget", "ipywidgets", "graphviz", "PIL"}


def test_pictures_course_and_keras_are_loaded_when_used(fresh_import):
    _, _, ours = fresh_import
    for lazy in ("minitf.viz", "minitf.course", "minitf.keras", "minitf.data", "minitf.inspect"):
        assert lazy not in ours


def test_an_unknown_name_is_answered():
    import minitf as tf

    with pytest.raises(AttributeError, match="no attribute 'colour'"):
        _ = tf.colour
