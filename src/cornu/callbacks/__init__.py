"""Callbacks: code that runs at certain moments of training. Source: keras.callbacks."""

from cornu._base.catalog import Catalog
from cornu._base.suggest import attribute_error
from cornu.callbacks.backup_and_restore import BackupAndRestore as BackupAndRestore
from cornu.callbacks.callback import Callback as Callback
from cornu.callbacks.callback import CallbackModel as CallbackModel
from cornu.callbacks.callback_list import CallbackList as CallbackList
from cornu.callbacks.csv_logger import CSVLogger as CSVLogger
from cornu.callbacks.early_stopping import EarlyStopping as EarlyStopping
from cornu.callbacks.history import History as History
from cornu.callbacks.lambda_callback import LambdaCallback as LambdaCallback
from cornu.callbacks.learning_rate_scheduler import LearningRateScheduler as LearningRateScheduler
from cornu.callbacks.model_checkpoint import ModelCheckpoint as ModelCheckpoint
from cornu.callbacks.orbax_checkpoint import OrbaxCheckpoint as OrbaxCheckpoint
from cornu.callbacks.progbar_logger import ProgbarLogger as ProgbarLogger
from cornu.callbacks.reduce_lr_on_plateau import ReduceLROnPlateau as ReduceLROnPlateau
from cornu.callbacks.remote_monitor import RemoteMonitor as RemoteMonitor
from cornu.callbacks.swap_ema_weights import SwapEMAWeights as SwapEMAWeights
from cornu.callbacks.tensor_board import TensorBoard as TensorBoard
from cornu.callbacks.terminate_on_nan import TerminateOnNaN as TerminateOnNaN

CALLBACKS = Catalog("callback", "keras.callbacks", base=Callback)
CALLBACKS.put(
    [
        BackupAndRestore,
        Callback,
        CSVLogger,
        EarlyStopping,
        History,
        LambdaCallback,
        LearningRateScheduler,
        ModelCheckpoint,
        OrbaxCheckpoint,
        ProgbarLogger,
        ReduceLROnPlateau,
        RemoteMonitor,
        SwapEMAWeights,
        TensorBoard,
        TerminateOnNaN,
    ]
)

__getattr__ = attribute_error(__name__)
