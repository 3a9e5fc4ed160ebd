"""A company's identity provider for tests: OpenID Connect with the standard library, keys made on the spot."""

import json
import secrets
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa


class Provider:
    """Who signs in next is ``person``; what was asked of it is kept in ``asked``."""

    def __init__(self):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.person, self.codes, self.asked = {}, {}, []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                parts = urlsplit(self.path)
                provider.answer(self, parts.path, {key: value[0] for key, value in parse_qs(parts.query).items()})

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                provider.answer(self, self.path, {key: value[0] for key, value in parse_qs(body).items()})

            def log_message(self, *_words):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, handler, path, values):
        self.asked.append((path, values))
        name = path.strip("/").replace(".well-known/openid-configuration", "discovery").replace("-", "_")
        getattr(self, name, self.unknown)(handler, values)

    def unknown(self, handler, _values):
        self.send(handler, {}, status=404)

    def send(self, handler, body, *, status=200, kind="application/json", **headers):
        text = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        handler.send_response(status)
        for key, value in {"Content-Type": kind, "Content-Length": str(len(text)), **headers}.items():
            handler.send_header(key, value)
        handler.end_headers()
        handler.wfile.write(text)

    def discovery(self, handler, _values):
        names = {
            "authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "jwks",
            "userinfo_endpoint": "userinfo", "end_session_endpoint": "leave",
        }  # fmt: skip
        document = {key: f"{self.url}/{path}" for key, path in names.items()}
        self.send(handler, document | {"issuer": self.url, "response_types_supported": ["code"]})

    def authorize(self, handler, values):
        code = secrets.token_hex(8)
        self.codes[code] = (dict(self.person), values)
        where = f"{values['redirect_uri']}?{urlencode({'code': code, 'state': values['state']})}"
        self.send(handler, "", status=302, Location=where)

    def token(self, handler, values):
        person, asked = self.codes.pop(values["code"])
        now = int(time.time())
        claims = {"iss": self.url, "aud": asked["client_id"], "iat": now, "exp": now + 300, **person}
        if "nonce" in asked:
            claims["nonce"] = asked["nonce"]
        word = jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "one"})
        access = secrets.token_hex(16)
        self.codes[access] = person
        self.send(handler, {"access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": word})

    def jwks(self, handler, _values):
        key = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        self.send(handler, {"keys": [key | {"kid": "one", "use": "sig", "alg": "RS256"}]})

    def userinfo(self, handler, _values):
        self.send(handler, self.codes.get(handler.headers.get("Authorization", "").removeprefix("Bearer "), {}))

    def leave(self, handler, values):
        if back := values.get("post_logout_redirect_uri"):
            self.send(handler, "", status=302, Location=back)
        else:
            self.send(handler, "<p>Signed out</p>", kind="text/html")


@contextmanager
def running():
    provider = Provider()
    thread = threading.Thread(target=provider.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        provider.server.shutdown()
        provider.server.server_close()
        thread.join()
