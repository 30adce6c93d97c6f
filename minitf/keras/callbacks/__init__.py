"""Callbacks: code that fit calls at the start and end of epochs and batches; see base.py.

model.fit(x, y, callbacks=[tf.keras.callbacks.EarlyStopping(monitor="loss")])
"""

from minitf.keras.callbacks.base import Callback, CallbackList, History, LambdaCallback
from minitf.keras.callbacks.csv_logger import CSVLogger
from minitf.keras.callbacks.rates import LearningRateScheduler, ReduceLROnPlateau
from minitf.keras.callbacks.saving import ModelCheckpoint
from minitf.keras.callbacks.stopping import EarlyStopping, TerminateOnNaN

__all__ = [
    "CSVLogger",
    "Callback",
    "CallbackList",
    "EarlyStopping",
    "History",
    "LambdaCallback",
    "LearningRateScheduler",
    "ModelCheckpoint",
    "ReduceLROnPlateau",
    "TerminateOnNaN",
]
