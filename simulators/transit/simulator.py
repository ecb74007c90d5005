"""The engine behind a real socket, with or without TLS."""

import ssl
import threading
from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from .keys import Engine, Refused

HOST = "127.0.0.1"


class TransitSimulator:
    """Serves between `start` and `stop`; a second start takes the same port. Keys outlive a stop.

    `sealed`: answers 503 as a Vault does before it is unsealed. `token`: whoever has it may do everything.
    """

    def __init__(
        self, token: str, *, mount: str = "transit", context: ssl.SSLContext | None = None, port: int = 0
    ) -> None:
        self.token, self.sealed, self.engine = token, False, Engine()
        self.asked: list[str] = []
        self._mount, self._context, self._port = mount, context, port
        self._server: BaseWSGIServer | None = None

    def start(self) -> "TransitSimulator":
        """Listen and serve in a thread."""
        server = make_server(
            HOST, self._port, self._app(), threaded=True, request_handler=_Quiet, ssl_context=self._context
        )
        self._server, self._port = server, server.port
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop at once; stopping what does not run is fine."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def __enter__(self) -> "TransitSimulator":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def port(self) -> int:
        return self._port

    @property
    def url(self) -> str:
        """As a client is told of it."""
        return f"{'https' if self._context else 'http'}://{HOST}:{self._port}"

    def _app(self) -> Flask:
        app = Flask(__name__)
        app.before_request(self._guard)
        base = f"/v1/{self._mount}"
        app.add_url_rule(f"{base}/encrypt/<name>", "encrypt", self._encrypt, methods=["POST", "PUT"])
        app.add_url_rule(f"{base}/decrypt/<name>", "decrypt", self._decrypt, methods=["POST", "PUT"])
        app.add_url_rule(f"{base}/keys/<name>/rotate", "rotate", self._rotate, methods=["POST", "PUT"])
        app.register_error_handler(404, lambda _: _errors(404))
        app.register_error_handler(Refused, lambda refused: _errors(400, str(refused)))
        return app

    def _guard(self) -> Response | None:
        self.asked.append(request.path)
        if self.sealed:
            return _errors(503, "Vault is sealed")
        return None if request.headers.get("X-Vault-Token") == self.token else _errors(403, "permission denied")

    def _encrypt(self, name: str) -> Response:
        given = _given("plaintext")
        return _data(ciphertext=self.engine.encrypt(name, given, _body().get("associated_data", "")), key_version=1)

    def _decrypt(self, name: str) -> Response:
        given = _given("ciphertext")
        return _data(plaintext=self.engine.decrypt(name, given, _body().get("associated_data", "")))

    def _rotate(self, name: str) -> Response:
        self.engine.create(name)
        self.engine.rotate(name)
        return Response(status=204)


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing of a request is written anywhere."""


def _body() -> dict[str, Any]:
    body = request.get_json(force=True, silent=True)
    return body if isinstance(body, dict) else {}


def _given(name: str) -> str:
    value = _body().get(name)
    if not isinstance(value, str):
        raise Refused(f"missing {name}")
    return value


def _data(**data: Any) -> Response:
    return jsonify({"request_id": "", "lease_id": "", "renewable": False, "lease_duration": 0, "data": data})


def _errors(status: int, *errors: str) -> Response:
    answer = jsonify({"errors": list(errors)})
    answer.status_code = status
    return answer
