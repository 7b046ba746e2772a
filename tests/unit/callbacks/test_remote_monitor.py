"""What the server gets. Recorded from Keras 3.15 with a server of our own."""

import http.server
import json
import threading
import urllib.parse

import numpy as np
import pytest

from cornu.callbacks import RemoteMonitor


@pytest.fixture
def server():
    received = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            received.append((self.path, self.headers["Content-Type"], self.headers.get("X-Token"), body))
            self.send_response(500 if "bad" in self.path else 200)
            self.end_headers()

        def log_message(self, *args):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", received
        server.shutdown()
        thread.join()


LOGS = {"loss": 0.5, "mae": np.float32(0.25), "many": np.array([1, 2])}
EVENT = {"epoch": 3, "loss": 0.5, "mae": 0.25, "many": [1, 2]}


def test_form_and_json(server):
    root, received = server
    RemoteMonitor(root, headers={"X-Token": "t"}).on_epoch_end(3, LOGS)
    RemoteMonitor(root, "/x", send_as_json=True).on_epoch_end(3, LOGS)
    (path, kind, token, body), (path2, kind2, _, body2) = received
    assert (path, kind, token) == ("/publish/epoch/end/", "application/x-www-form-urlencoded", "t")
    assert json.loads(urllib.parse.parse_qs(body)["data"][0]) == EVENT
    assert (path2, kind2, json.loads(body2)) == ("/x", "application/json", EVENT)


def test_trouble_is_a_warning(server):
    with pytest.warns(UserWarning, match=r"the server at .*/bad answered 500; the epoch was not recorded"):
        RemoteMonitor(server[0], "/bad").on_epoch_end(0, {})
    with pytest.warns(UserWarning, match="Could not reach RemoteMonitor root server at http://127.0.0.1:9"):
        RemoteMonitor("http://127.0.0.1:9").on_epoch_end(0, {})
