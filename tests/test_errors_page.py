"""minitf/ERRORS.md says what minitf says, and what TensorFlow said when it was recorded."""

import re
from pathlib import Path

import pytest
from bad_input_table import recorded
from errors_page import PAGE, mistakes, page

ROOT = Path(__file__).parents[1]


def test_the_page_is_up_to_date():
    """If this fails, look at the difference, and run tools/write_errors_page.py."""
    assert PAGE.read_text("utf-8") == page()


def test_every_mistake_was_shown_to_tensorflow():
    answers = recorded()
    assert len(mistakes()) >= 40
    for mistake in mistakes():
        assert answers[mistake.title]["code"] == mistake.code, mistake.title


@pytest.mark.parametrize("name", ["README.md", "minitf/DIFFERENCES.md"])
def test_readers_find_the_page(name):
    assert "ERRORS.md" in (ROOT / name).read_text("utf-8")


def test_no_recorded_message_names_a_path_of_the_recording_machine():
    """A stack listing of TensorFlow names folders; tools/record_tensorflow_errors.py cuts it."""
    messages = "\n".join(answer["message"] for answer in recorded().values())
    assert not re.search(r"(?<![\w.:/])/\w+/\w+", messages)
