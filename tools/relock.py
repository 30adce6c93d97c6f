"""Write constraints.txt: one exact version for every package, valid on Python 3.11 to 3.14.

    python tools/relock.py             # needs `uv` on PATH
    python tools/relock.py --upgrade   # also move indirect packages to their newest versions

Direct packages are pinned by hand in requirements.txt and in pyproject.toml's [dependency-groups].
This resolves them all together, for all systems, from wheels only.
"""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
HEADER = """\
# Every package of requirements.txt and of pyproject.toml's [dependency-groups], pinned for
# Python 3.11 to 3.14 on Linux, macOS and Windows. Written by: python tools/relock.py
"""
# argon2-cffi-bindings above 25.1.0 has no wheel for macOS on Intel processors.
LIMITS = ["argon2-cffi-bindings==25.1.0"]


def main() -> int:
    """Resolve and rewrite constraints.txt; the exit code is uv's."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    wanted = [(ROOT / "requirements.txt").read_text("utf-8"), *LIMITS]
    for packages in groups.values():
        wanted += packages
    command = ["uv", "pip", "compile", "-", "--quiet", "--universal", "--python-version", "3.11"]
    command += ["--only-binary", ":all:", "--no-header", "--no-annotate", "--no-emit-index-url"]
    if "--upgrade" not in sys.argv[1:]:
        command += ["--constraint", str(ROOT / "constraints.txt")]
    result = subprocess.run(command, input="\n".join(wanted), capture_output=True, text=True)
    if result.returncode:
        print(result.stderr, file=sys.stderr)
        return result.returncode
    (ROOT / "constraints.txt").write_text(HEADER + result.stdout, encoding="utf-8", newline="\n")
    print(f"constraints.txt: {len(result.stdout.splitlines())} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
