"""Programs that minitf does not pass yet, and why. A program that passes must leave this list."""

CONTROL_FLOW = "tf.cond, tf.while_loop, tf.case and AutoGraph"

NOT_YET: dict[str, str] = {
    "control-autograph-for-range": CONTROL_FLOW,
    "control-autograph-if": CONTROL_FLOW,
    "control-cond-false-branch": CONTROL_FLOW,
    "control-switch-case": CONTROL_FLOW,
    "control-while-loop-grad": CONTROL_FLOW,
    "control-while-loop-values": CONTROL_FLOW,
    "seeds-while-loop-float": CONTROL_FLOW,
    "seeds-while-loop-print-raises": CONTROL_FLOW,
    "function-py-function": "tf.py_function",
    "function-run-functions-eagerly": "tf.config",
    "function-train-step-optimizer": "an optimizer inside tf.function",
    "function-unused-error-pruned": "unused operations are not pruned",
    "seeds-tf-gradients-raises": "tf.gradients",
}
