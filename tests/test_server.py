"""The Jupyter server's extension: each connection to a kernel sends without delay, and nothing else
of it changes."""

from types import SimpleNamespace

import pytest
from jupyter_core.paths import jupyter_config_path
from jupyter_server.extension.config import ExtensionConfigManager
from jupyter_server.extension.utils import get_metadata
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

from dlnotes import server


@pytest.fixture
def app():
    """A server with the kind of connection that it would choose itself."""

    class Connection:
        def __init__(self, websocket_handler):
            self.websocket_handler = websocket_handler

        def connect(self):
            self.websocket_handler.done.append("connected")
            return "soon"

    settings = {"kernel_websocket_connection_class": Connection}
    return SimpleNamespace(web_app=SimpleNamespace(settings=settings))


def test_connection_sends_at_once(app):
    server._load_jupyter_server_extension(app)
    handler = SimpleNamespace(done=[], set_nodelay=lambda on: handler.done.append(on))
    made = app.web_app.settings["kernel_websocket_connection_class"](websocket_handler=handler)
    assert made.connect() == "soon"
    assert handler.done == [True, "connected"]


def test_jupyters_own_connection_can_be_had_so():
    assert issubclass(
        server.at_once(ZMQChannelsWebsocketConnection), ZMQChannelsWebsocketConnection
    )


def test_server_finds_the_extension():
    assert get_metadata("dlnotes.server") == (server, [{"module": "dlnotes.server"}])
    switched = ExtensionConfigManager(read_config_path=jupyter_config_path())
    assert switched.get_jpserver_extensions()["dlnotes.server"] is True
