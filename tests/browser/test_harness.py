"""The browser tests' own alarms must ring."""

import pytest
from harness import skip_or_fail


def test_a_missing_browser_is_skipped_here_and_fails_where_ci_is_set(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="chromium is not installed"):
        skip_or_fail("chromium is not installed")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="must run here"):
        skip_or_fail("chromium is not installed")


def test_a_traceback_in_an_output_is_noticed(lab):
    page = lab.open(
        "raises.ipynb", ["try:\n    1 / 0\nexcept Exception:\n    get_ipython().showtraceback()"]
    )
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        lab.check(page)


def test_an_error_in_the_console_is_noticed(lab):
    page = lab.open("console.ipynb", ["1 + 1"])
    page.evaluate("console.error('something broke')")
    with pytest.raises(AssertionError, match="something broke"):
        lab.check(page)
