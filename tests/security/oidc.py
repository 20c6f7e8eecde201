"""An office's own sign-in for tests: OpenID Connect on 127.0.0.1, with discovery, tokens, keys and who somebody is."""

import json
import threading
import time
from base64 import urlsafe_b64encode
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CLIENT, SECRET = "houqin", "s3cret"


class Office:
    """The server, whom it says has signed in, and what it was sent."""

    def __init__(self) -> None:
        self.says: dict[str, Any] = {
            "sub": "u-1",
            "email": "bo@example.edu.cn",
            "email_verified": True,
            "name": "薄主任",
        }
        self.codes: dict[str, dict[str, str]] = {}
        self.broken = self.closed = False
        handler = type("Handler", (_Handler,), {"office": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop answering."""
        self.closed = True
        self.server.shutdown()
        self.server.server_close()

    def authorize(self, address: str) -> dict[str, str]:
        """What the browser is sent back with when the person has signed in at the office."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert address.startswith(f"{self.address}/authorize")
        assert (asked["client_id"], asked["response_type"]) == (CLIENT, "code")
        assert "openid" in asked["scope"]
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def tokens(self, given: dict[str, list[str]]) -> dict[str, Any] | None:
        """Tokens for a code: once, and only with the verifier that belongs to it."""
        asked = self.codes.pop(given["code"][0], None)
        challenge = urlsafe_b64encode(sha256(given["code_verifier"][0].encode()).digest()).decode().rstrip("=")
        if asked is None or challenge != asked["code_challenge"] or self.broken:
            return None
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 300, **self.says}
        token = jwt.encode(claims, KEY, algorithm="RS256", headers={"kid": "k1"})
        return {"access_token": "a-token", "token_type": "Bearer", "expires_in": 300, "id_token": token}

    def come_back(self, client: Client, *, process: str = "login", expect: int = 302) -> Any:
        """The whole way: from our button to the office and back."""
        left = client.post(f"/accounts/own/oidc/office/login/?process={process}")
        assert left.status_code == expect, left.content.decode()[:500]
        return client.get("/accounts/own/oidc/office/login/callback/", self.authorize(left["Location"]))


class _Handler(BaseHTTPRequestHandler):
    office: Office

    def do_GET(self) -> None:
        base = self.office.address
        pages: dict[str, Any] = {
            "/.well-known/openid-configuration": {
                "issuer": base, "authorization_endpoint": f"{base}/authorize", "token_endpoint": f"{base}/token",
                "userinfo_endpoint": f"{base}/userinfo", "jwks_uri": f"{base}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            },
            "/userinfo": self.office.says,
            "/keys": {"keys": [json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key())) | {"kid": "k1"}]},
        }  # fmt: skip
        self._answer(pages.get(self.path))

    def do_POST(self) -> None:
        given = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        right = given.get("client_secret") == [SECRET]
        self._answer(self.office.tokens(given) if right else None)

    def _answer(self, content: Any) -> None:
        self.send_response(200 if content else 400)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(content or {"error": "invalid_request"}).encode())

    def log_message(self, *args: Any) -> None:
        """Quiet."""
