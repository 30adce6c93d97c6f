"""tf.config: switches for the whole program.

tf.config.run_functions_eagerly(True)     # tf.function runs plain Python: for debugging
tf.config.optimizer                       # the passes over traced graphs: optimizer_options.py
"""

from __future__ import annotations

from typing import Any

from minitf import optimizer_options as optimizer  # noqa: F401 - TensorFlow's name for it

_switches = {"eager": False}


def run_functions_eagerly(run_eagerly: bool) -> None:
    """True: functions decorated with tf.function are not traced but called as they are."""
    _switches["eager"] = bool(run_eagerly)


def functions_run_eagerly() -> bool:
    """Whether tf.function is switched off."""
    return _switches["eager"]


def list_physical_devices(device_type: str | None = None) -> list[Any]:
    """minitf computes on the CPU: one device, and no GPU."""
    devices = [PhysicalDevice("/physical_device:CPU:0", "CPU")]
    return [d for d in devices if device_type in (None, d.device_type)]


class PhysicalDevice:
    """A device: its name and its type."""

    def __init__(self, name: str, device_type: str) -> None:
        self.name = name
        self.device_type = device_type

    def __repr__(self) -> str:
        return f"PhysicalDevice(name={self.name!r}, device_type={self.device_type!r})"
