"""Sends the metrics of each epoch to a server."""

import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

import numpy as np

from cornu._base.user_warning import warn
from cornu.callbacks.callback import Callback

_SECONDS = 10  # to wait for the server


class RemoteMonitor(Callback):
    """At the end of each epoch, POSTs `{"epoch": ..., metrics}` to a server. One that cannot be reached costs a warning.

    Args:
        root, path: the address is `root + path`.
        field: the name of the form's field that holds the JSON.
        headers: more HTTP headers, a dict.
        send_as_json: send JSON as it is, instead of in a form.
    Source: keras.callbacks.RemoteMonitor.
    """

    def __init__(
        self,
        root: str = "http://localhost:9000",
        path: str = "/publish/epoch/end/",
        field: str = "data",
        headers: dict[str, str] | None = None,
        send_as_json: bool = False,
    ):
        super().__init__()
        self.root, self.path, self.field = root, path, field
        self.headers, self.send_as_json = headers, send_as_json

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        event = {"epoch": epoch} | {name: _plain(value) for name, value in (logs or {}).items()}
        text = json.dumps(event)
        if self.send_as_json:
            kind, body = "application/json", text
        else:
            kind, body = "application/x-www-form-urlencoded", urllib.parse.urlencode({self.field: text})
        headers = {"Content-Type": kind, **(self.headers or {})}
        try:
            request = urllib.request.Request(self.root + self.path, body.encode(), headers, method="POST")
            urllib.request.urlopen(request, timeout=_SECONDS).close()
        except urllib.error.HTTPError as error:
            warn(
                f"RemoteMonitor: the server at {self.root}{self.path} answered {error.code}; the epoch was not recorded."
            )
        except (OSError, ValueError) as error:
            warn(f"Could not reach RemoteMonitor root server at {self.root} ({error}).")


def _plain(value: Any) -> Any:
    return np.asarray(value).tolist() if hasattr(value, "__array__") else value
