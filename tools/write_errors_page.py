"""Write minitf/ERRORS.md, the page of common mistakes, from tests/bad_inputs/mistakes.md.

python tools/write_errors_page.py
"""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from errors_page import PAGE, mistakes, page  # noqa: E402

PAGE.write_text(page(), encoding="utf-8", newline="\n")
print(f"{PAGE.relative_to(ROOT)}: {len(mistakes())} mistakes")
