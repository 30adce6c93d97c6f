"""The time limit, by signal and by timer thread."""

import signal
import threading
import time

import pytest

from minitf.course.guard import TimeIsUp, time_limit


@pytest.fixture(params=["signal", "timer thread"])
def way(request, monkeypatch):
    if request.param == "timer thread":
        monkeypatch.delattr(signal, "setitimer", raising=False)
    return request.param


def test_a_loop_is_stopped(way):
    with pytest.raises(TimeIsUp), time_limit(0.1):
        while True:
            time.sleep(0.01)


def test_a_quick_body_is_left_alone(way):
    with time_limit(5):
        value = 1
    assert value == 1
    if way == "signal":
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_errors_and_a_users_interrupt_pass_through(way):
    with pytest.raises(ValueError), time_limit(5):
        raise ValueError
    with pytest.raises(KeyboardInterrupt), time_limit(5):
        raise KeyboardInterrupt


def test_another_thread_runs_without_a_limit():
    done = []

    def work():
        with time_limit(0.01):
            time.sleep(0.05)
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]
