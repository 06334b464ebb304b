"""Tokens: who is let in, and everything that a forger tries."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc.jwk import OctKey, RSAKey

from register_world import AUDIENCE, ISSUER, NOW_S, NOW_UTC_NS, claims, key, pem_file, token
from skykeep.api.register_api_scopes import APPLY, READ, rights_of
from skykeep.api.tokens import Gatekeeper, KeyRing, NotLetInError, TokenSettings
from skykeep.base.clock import ManualClock
from skykeep.base.errors import SetupError
from skykeep.domain.actor import Right


def gatekeeper(*files: Path, **changes: Any) -> Gatekeeper:
    said = {"issuer": ISSUER, "audiences": (AUDIENCE, "other.example"), "key_files": files} | changes
    return Gatekeeper(TokenSettings(**said), rights_of({}), ManualClock(NOW_UTC_NS))


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Gatekeeper:
    return gatekeeper(pem_file(tmp_path_factory.mktemp("keys")))


def segment(said: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()


def test_a_good_token_is_somebody_with_the_rights_of_its_scopes(gate: Gatekeeper) -> None:
    caller = gate.let_in(f"Bearer {token(f'{READ} {APPLY} something.else')}")

    assert (caller.actor.name, caller.actor.role, caller.actor.authority_id) == (
        "ada",
        "ground-station",
        "city",
    )
    assert caller.actor.rights == {Right.READ, Right.APPLY}
    assert caller.scopes == {READ, APPLY, "something.else"}


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": ["somebody.example", AUDIENCE]},
        {"exp": NOW_S - 29},
        {"nbf": NOW_S + 30},
        {"nbf": None},
        {"scope": None, "scp": [READ]},
        {"client_id": None, "azp": "ground-station"},
        {"authority_id": None},
    ],
)
def test_what_an_issuer_may_say_otherwise_is_let_in(gate: Gatekeeper, changes: dict[str, Any]) -> None:
    assert gate.let_in(f"bearer {token(**changes)}").actor.name == "ada"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"aud": "elsewhere.example"},
        {"aud": None},
        {"aud": []},
        {"aud": 7},
        {"exp": None},
        {"exp": NOW_S - 30},
        {"exp": float("nan")},
        {"exp": "tomorrow"},
        {"exp": True},
        {"exp": NOW_S + 86_400 * 400},
        {"exp": 10**400},
        {"nbf": NOW_S + 31},
        {"iat": NOW_S + 31},
        {"sub": None},
        {"sub": ""},
        {"sub": "skykeep"},
        {"sub": " Skykeep "},
        {"sub": "a\nb"},
        {"sub": 7},
        {"sub": "x" * 201},
        {"scope": 7},
        {"scope": [7]},
        {"client_id": {"a": 1}},
        {"authority_id": ["city"]},
    ],
)
def test_a_token_with_wrong_claims_is_refused(gate: Gatekeeper, changes: dict[str, Any]) -> None:
    with pytest.raises(NotLetInError):
        gate.let_in(f"Bearer {token(**changes)}")


def forgeries() -> dict[str, str]:
    pem = key().as_pem(private=False)
    good = token()
    head, body, signature = good.split(".")
    hs256 = f"{segment({'alg': 'HS256', 'typ': 'JWT'})}.{segment(claims())}"
    mac = hmac.new(pem, hs256.encode(), hashlib.sha256).digest()
    none = f"{segment({'alg': 'none'})}.{segment(claims())}"
    jwk = key("forger").as_dict(private=False)
    embedded = {"alg": "RS256", "jwk": jwk}
    return {
        "another key": token(signed_by=key("forger")),
        "another key of the same id": token(
            signed_by=RSAKey.import_key(key("forger").as_dict(private=True) | {"kid": "issuer"})
        ),
        "none": f"{none}.",
        "None": f"{segment({'alg': 'None'})}.{body}.",
        "none with a signature": f"{none}.{signature}",
        "HMAC under the public key": f"{hs256}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}",
        "RS512": f"{segment({'alg': 'RS512'})}.{body}.{signature}",
        "no algorithm": f"{segment({'typ': 'JWT'})}.{body}.{signature}",
        "a key of its own": f"{segment(embedded)}.{body}.{signature}",
        "a critical header": f"{segment({'alg': 'RS256', 'crit': ['b64'], 'b64': False})}.{body}.{signature}",
        "another body": f"{head}.{segment(claims(sub='mallory'))}.{signature}",
        "no signature": f"{head}.{body}.",
        "two parts": f"{head}.{body}",
        "a header that is a list": f"{segment([1])}.{body}.{signature}",
        "a kid that is a list": f"{segment({'alg': 'RS256', 'kid': ['issuer']})}.{body}.{signature}",
        "a deep header": f"{base64.urlsafe_b64encode(b'[' * 9000).decode()}.{body}.{signature}",
        "nothing": "",
        "long": "x" * 20_000,
        "not ASCII": "é.é.é",
    }


@pytest.mark.parametrize("forgery", sorted(forgeries()))
def test_a_forged_token_is_refused(gate: Gatekeeper, forgery: str) -> None:
    with pytest.raises(NotLetInError):
        gate.let_in(f"Bearer {forgeries()[forgery]}")


@given(
    st.text(max_size=200) | st.from_regex(r"[A-Za-z0-9_-]{1,60}(\.[A-Za-z0-9_-]{0,60}){0,4}", fullmatch=True)
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_at_all_gets_in(gate: Gatekeeper, text: str) -> None:
    with pytest.raises(NotLetInError):
        gate.let_in(f"Bearer {text}")
    with pytest.raises(NotLetInError):
        gate.let_in(text)


def test_a_key_can_be_changed_while_we_run(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"

    def publish(*names: str) -> None:
        keys = [key(name).as_dict(private=False) for name in names]
        other = [
            {"kty": "EC", "crv": "P-256"},
            OctKey.generate_key(256).as_dict(private=True),
            {"kty": "RSA", "use": "enc"},
        ]
        file.write_bytes(msgspec.json.encode({"keys": [*other, *keys]}))
        stamp = file.stat().st_mtime_ns + 1_000_000
        os.utime(file, ns=(stamp, stamp))

    publish("issuer")
    gate = gatekeeper(file)
    old, new = token(), token(signed_by=key("next"))
    gate.let_in(f"Bearer {old}")
    with pytest.raises(NotLetInError):
        gate.let_in(f"Bearer {new}")

    publish("issuer", "next")
    gate.let_in(f"Bearer {old}")
    gate.let_in(f"Bearer {new}")

    publish("next")
    with pytest.raises(NotLetInError):
        gate.let_in(f"Bearer {old}")

    file.write_text("half writ")
    gate.let_in(f"Bearer {new}")
    assert "neither PEM nor a JWKS" in gate.keys.trouble


SETUPS: dict[str, tuple[bytes | None, str]] = {
    "no file": (None, "No such file"),
    "a private key": (key().as_pem(private=True), "private key"),
    "a private JWKS": (msgspec.json.encode({"keys": [key().as_dict(private=True)]}), "private key"),
    "nothing": (b"", "neither PEM nor a JWKS"),
    "no keys": (b'{"keys": []}', "no RSA key"),
    "only another kind": (b'{"keys": [{"kty": "oct", "k": "AAAA"}]}', "no RSA key"),
    "a broken PEM": (b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "no RSA public key"),
    "binary": (b"\xff\xfe\x00", "neither PEM nor a JWKS"),
}


@pytest.mark.parametrize("story", SETUPS)
def test_without_a_fit_key_nothing_starts(tmp_path: Path, story: str) -> None:
    data, says = SETUPS[story]
    file = tmp_path / "key"
    if data is not None:
        file.write_bytes(data)
    with pytest.raises(SetupError, match=says):
        KeyRing([file])


def test_a_weak_key_and_a_missing_name_stop_the_start(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    weak = generate_private_key(public_exponent=65537, key_size=1024).public_key()
    file = tmp_path / "weak.pem"
    file.write_bytes(weak.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    with pytest.raises(SetupError, match="1024 bits, must have at least 2048"):
        KeyRing([file])
    with pytest.raises(SetupError, match="there is no default"):
        KeyRing([])
    for changes in ({"issuer": ""}, {"audiences": ()}, {"audiences": ("",)}):
        with pytest.raises(SetupError, match="must be named"):
            gatekeeper(pem_file(tmp_path), **changes)
