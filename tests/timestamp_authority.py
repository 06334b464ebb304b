"""An authority that timestamps, made of `openssl ts`, behind a web server on this machine. It can lie too."""

from __future__ import annotations

import hashlib
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import loopback

_CONFIG = """
[tsa]
default_tsa = authority
[authority]
serial = serial
signer_cert = signer.pem
signer_key = signer.key
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
ess_cert_id_alg = sha256
"""
_ROOT = "/O=Made-up Time/CN=Made-up Root"
_PURPOSE = "keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n"


def openssl(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["openssl", *words], cwd=folder, check=False, capture_output=True, timeout=30)


class Authority:
    """`root` and `signer` are files with its certificates. `name` is how its certificate names it."""

    def __init__(self, folder: Path, name: str = "Made-up Clock") -> None:
        folder.mkdir()
        self.folder, self.name = folder, f"CN={name},O=Made-up Time"
        self.root, self.signer = folder / "root.pem", folder / "signer.pem"
        (folder / "tsa.cnf").write_text(_CONFIG)
        (folder / "chain.cnf").write_text(_CONFIG + "certs = root.pem\n")
        (folder / "other.cnf").write_text(_CONFIG.replace("digests = sha256", "digests = sha512"))
        (folder / "purpose").write_text(_PURPOSE)
        (folder / "serial").write_text("01\n")
        key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
        subject = f"/O=Made-up Time/CN={name}"
        signed = "-CA root.pem -CAkey root.key -CAcreateserial -days 9999 -extfile purpose"
        made = [
            [*f"req -x509 {key} -keyout root.key -out root.pem -days 9999 -subj".split(), _ROOT],
            [*f"req {key} -keyout signer.key -out signer.csr -subj".split(), subject],
            f"x509 -req -in signer.csr {signed} -out signer.pem".split(),
        ]
        for words in made:
            ran = openssl(folder, *words)
            assert ran.returncode == 0, ran.stderr
        self.first = b""
        self._turn = threading.Lock()

    def answer(self, query: bytes, config: str = "tsa.cnf") -> bytes:
        """Return what `openssl ts -reply` answers."""
        with self._turn:
            (self.folder / "query.tsq").write_bytes(query)
            ran = openssl(
                self.folder,
                *("ts", "-reply", "-config", config, "-queryfile", "query.tsq", "-out", "reply.tsr"),
            )
            assert ran.returncode == 0, ran.stderr
            return (self.folder / "reply.tsr").read_bytes()

    def stamp(self, data: bytes) -> bytes:
        """Return a timestamp over some bytes, without a number, as openssl asks for it."""
        digest = hashlib.sha256(data).hexdigest()
        ran = openssl(self.folder, *("ts", "-query", "-digest", digest, "-sha256", "-no_nonce", "-cert"))
        assert ran.returncode == 0, ran.stderr
        return self.answer(ran.stdout)


class Served:
    """`lie` names how it lies, "" not at all; `asked` counts."""

    def __init__(self, authority: Authority, other: Authority | None = None) -> None:
        self.authority, self.other, self.lie, self.asked = authority, other, "", 0
        self.first = b""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                query = self.rfile.read(int(self.headers["content-length"]))
                assert self.headers["content-type"] == "application/timestamp-query"
                outer.asked += 1
                status, kind, answer = outer.say(query)
                self.send_response(status)
                self.send_header("content-type", kind)
                self.end_headers()
                try:
                    for byte in answer if outer.lie == "drips" else [answer]:
                        self.wfile.write(bytes([byte]) if isinstance(byte, int) else byte)
                        self.wfile.flush()
                        time.sleep(0.05 if outer.lie == "drips" else 0.0)
                except OSError:
                    pass  # whoever asked has had enough

            def log_message(self, *_: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/tsr"

    def say(self, query: bytes) -> tuple[int, str, bytes]:
        """Return status, kind and answer, as the lie has it."""
        kind = "application/timestamp-reply"
        if self.lie == "is slow":
            time.sleep(0.8)
        if self.lie == "is down":
            return 503, "text/plain", b"come back later"
        if self.lie == "a page":
            return 200, "text/html", b"<p>Welcome"
        if self.lie == "garbage":
            return 200, kind, bytes(range(256)) * 4
        if self.lie == "too big":
            return 200, kind, b"\x30" * 70_000
        if self.lie == "refuses":
            return 200, kind, self.authority.answer(query, "other.cnf")
        if self.lie == "another hash":
            at = query.index(bytes.fromhex("0420")) + 2
            query = query[:at] + hashlib.sha256(b"another").digest() + query[at + 32 :]
        if self.lie == "another's certificate":
            assert self.other is not None
            return 200, kind, self.other.answer(query)
        if self.lie == "the whole chain":
            return 200, kind, self.authority.answer(query, "chain.cnf")
        if self.lie == "an old answer":
            return 200, kind, self.first
        answer = self.authority.answer(query)
        self.first = self.first or answer
        if self.lie == "bent":
            answer = answer[:-3] + bytes([answer[-3] ^ 1]) + answer[-2:]
        if self.lie == "cut":
            answer = answer[: len(answer) // 2]
        return 200, kind, answer


@contextmanager
def serving(authority: Authority, other: Authority | None = None) -> Iterator[Served]:
    """Serve until the block ends."""
    made = Served(authority, other)
    with loopback.serving(made.server):
        yield made
