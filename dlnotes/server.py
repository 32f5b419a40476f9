"""What the Jupyter server does for explorers: it sends each message of a kernel at once.

For every move of a slider the kernel answers with two small messages, "busy" and the picture. By
default the second waits in the server until the browser has acknowledged the first, which browsers
put off for some 40 ms (Nagle's algorithm meets delayed acknowledgement: RFC 1122, 4.2.3.2 and
4.2.3.4; Tornado's `WebSocketHandler.set_nodelay` warns of it). The wheel brings the file that
switches this extension on (`server.json`), for whichever Jupyter server runs in its environment.
"""

from typing import Any


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "dlnotes.server"}]


def _load_jupyter_server_extension(app: Any) -> None:
    """Let every connection to a kernel that is made from now on send without delay."""
    settings = app.web_app.settings
    settings["kernel_websocket_connection_class"] = at_once(
        settings["kernel_websocket_connection_class"]
    )


def at_once(connection: Any) -> type:
    """The class of connections like `connection` whose browser is sent each message at once."""

    class AtOnce(connection):
        def connect(self) -> Any:
            self.websocket_handler.set_nodelay(True)
            return super().connect()

    return AtOnce
