"""Exercises of chapter 02: a graph forward, its local derivatives, and the way back."""

from __future__ import annotations

from minitf.course.checks.computation_graph.local_derivs import LOCAL_DERIVS
from minitf.course.checks.computation_graph.move_w import MOVE_W
from minitf.course.checks.computation_graph.order_lines import ORDER_LINES
from minitf.course.checks.computation_graph.reverse_pass import REVERSE_PASS
from minitf.course.checks.computation_graph.trace_forward import TRACE_FORWARD

EXERCISES = (TRACE_FORWARD, LOCAL_DERIVS, ORDER_LINES, REVERSE_PASS, MOVE_W)
