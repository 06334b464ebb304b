"""Who asks: bearer tokens (JWT, RFC 7519), signed with RS256 by an issuer whose public keys are in files.

| checked | so that |
|---|---|
| `alg` is RS256, and nothing else is ever tried | neither `none` nor an HMAC under a public key gets in |
| the signature, by the key that `kid` names; a PEM key has no id and is tried for any | keys can be changed |
| `iss`, `aud`, `exp`, and `nbf`, `iat` where given | a token for somebody else or another time is no use |
| `sub` is there, and is not our own name | every act has a name to it |

There is no default key: without key files nothing starts. The files are looked at for each token and read
again when they changed; a file that cannot be read any more leaves the keys that were there, for a file is
half written once in its life.
"""

from __future__ import annotations

import base64
import re
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from joserfc import jwt
from joserfc.errors import ClaimError, ExpiredTokenError, JoseError, SecurityWarning
from joserfc.jwk import RSAKey
from joserfc.jwt import JWTClaimsRegistry

from skykeep.base.clock import NS_PER_S, Clock
from skykeep.base.errors import SetupError
from skykeep.domain.actor import SYSTEM, Actor, Right

ALGORITHM = "RS256"
FEWEST_BITS = 2_048
LONGEST_TOKEN = 16_384
LARGEST_KEY_FILE_BYTES = 1 << 20
NAME = re.compile(r"[^\x00-\x1f\x7f]{1,200}")

_PRIVATE = ("d", "p", "q", "k")


class TokenSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Whose tokens are good: `key_files` are PEM (public) or JWKS, `audiences` the names that we go by.

    A token whose end lies further than `longest_life_s` ahead is refused. `authority_claim` names the claim
    that says for which authority somebody acts.
    """

    issuer: str
    audiences: tuple[str, ...]
    key_files: tuple[Path, ...]
    leeway_s: int = 30
    longest_life_s: int = 86_400
    authority_claim: str = "authority_id"


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who was let in: the actor they are, by which client, and with which scopes."""

    actor: Actor
    client: str
    scopes: frozenset[str]


class NotLetInError(Exception):
    """The token is missing or no good; `found` says what is wrong with it."""

    def __init__(self, found: str, must: str) -> None:
        self.found = found
        self.must = must
        super().__init__(f"{found}, must be {must}")


class KeyRing:
    """The public keys of some files. SetupError when they hold none that is fit."""

    def __init__(self, files: Iterable[Path]) -> None:
        self._files = tuple(files)
        if not self._files:
            raise SetupError("no key file: name the issuer's public keys (PEM or JWKS); there is no default")
        self._seen = self._stamps()
        self._keys = self._load()
        self.trouble = ""

    def candidates(self, key_id: str | None) -> list[RSAKey]:
        """Return the keys that may have signed a token of this key id."""
        self._look_again()
        if key_id is None:
            return [key for _, key in self._keys]
        return [key for known, key in self._keys if known in (key_id, None)]

    def _look_again(self) -> None:
        stamps = self._stamps()
        if stamps == self._seen:
            return
        try:
            self._keys = self._load()
        except SetupError as error:
            self.trouble = str(error)
        else:
            self._seen, self.trouble = stamps, ""

    def _stamps(self) -> tuple[tuple[int, int, int], ...]:
        stamps = []
        for file in self._files:
            try:
                status = file.stat()
            except OSError:
                stamps.append((-1, -1, -1))
            else:
                stamps.append((status.st_mtime_ns, status.st_size, status.st_ino))
        return tuple(stamps)

    def _load(self) -> tuple[tuple[str | None, RSAKey], ...]:
        return tuple(key for file in self._files for key in _keys_of(file))


class Gatekeeper:
    """Lets callers in by their tokens. `rights` says which scope gives which right."""

    def __init__(self, settings: TokenSettings, rights: Mapping[str, Right], clock: Clock) -> None:
        for name, value in (("issuer", settings.issuer), ("audience", settings.audiences)):
            if not value or not all(value):
                raise SetupError(f"no {name} of tokens: it must be named; there is no default")
        self._settings = settings
        self._rights = rights
        self._clock = clock
        self.keys = KeyRing(settings.key_files)

    def let_in(self, authorization: str) -> Caller:
        """Return who sends an Authorization header; NotLetInError when that is not to be believed."""
        scheme, _, token = authorization.partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token:
            raise NotLetInError("no token", "Bearer and a token of the issuer")
        if len(token) > LONGEST_TOKEN or not token.isascii():
            raise NotLetInError(f"a token of {len(token):,} characters", f"ASCII, at most {LONGEST_TOKEN:,}")
        return self._caller(self._checked(self._claims(token)))

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            header = msgspec.json.decode(_base64(token.partition(".")[0]))
        except (ValueError, msgspec.DecodeError, RecursionError):
            raise NotLetInError("no JWT", "a JWT in compact form") from None
        if not isinstance(header, dict) or header.get("alg") != ALGORITHM:
            raise NotLetInError("another algorithm", ALGORITHM)
        key_id = header.get("kid")
        if key_id is not None and not isinstance(key_id, str):
            raise NotLetInError("a kid that is no text", "text")
        for key in self.keys.candidates(key_id):
            try:
                return jwt.decode(token, key, algorithms=[ALGORITHM]).claims
            except (JoseError, ValueError, TypeError, RecursionError):
                continue
        raise NotLetInError("a signature of no key that is known", "signed by the issuer")

    def _checked(self, claims: dict[str, Any]) -> dict[str, Any]:
        settings = self._settings
        now_s = self._clock.now_utc_ns() // NS_PER_S
        registry = JWTClaimsRegistry(
            now=now_s,
            leeway=settings.leeway_s,
            iss={"essential": True, "value": settings.issuer},
            aud={"essential": True, "values": list(settings.audiences)},
            exp={"essential": True},
            sub={"essential": True},
        )
        try:
            registry.validate(claims)
        except ExpiredTokenError:
            raise NotLetInError("an expired token", "one that still holds") from None
        except (ClaimError, JoseError) as error:
            raise NotLetInError(f"claims that do not do: {error}", "for us, by the issuer, for now") from None
        if claims["exp"] > now_s + settings.longest_life_s + settings.leeway_s:
            raise NotLetInError("a token that lives too long", f"at most {settings.longest_life_s} s")
        return claims

    def _caller(self, claims: dict[str, Any]) -> Caller:
        name = claims["sub"]
        if not NAME.fullmatch(name) or name.strip().lower() == SYSTEM.name:
            raise NotLetInError("a subject that cannot be a name", "1 to 200 printable characters, not ours")
        client = _text(claims.get("client_id", claims.get("azp", "")))
        granted = claims.get("scope", claims.get("scp", ""))
        words = granted.split() if isinstance(granted, str) else granted
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise NotLetInError("scopes that are no text", "words with spaces between")
        scopes = frozenset(words)
        actor = Actor(
            name=name,
            role=client or "client",
            rights=frozenset(self._rights[scope] for scope in scopes if scope in self._rights),
            authority_id=_text(claims.get(self._settings.authority_claim, "")),
        )
        return Caller(actor=actor, client=client, scopes=scopes)


def _base64(segment: str) -> bytes:
    return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


def _text(value: object) -> str:
    if isinstance(value, str) and (not value or NAME.fullmatch(value)):
        return value
    raise NotLetInError("a client or authority that cannot be a name", "1 to 200 printable characters")


def _keys_of(file: Path) -> list[tuple[str | None, RSAKey]]:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise SetupError(f"key file {file}: {error.strerror}") from error
    if len(data) > LARGEST_KEY_FILE_BYTES:
        raise SetupError(f"key file {file}: {len(data):,} bytes, must be at most {LARGEST_KEY_FILE_BYTES:,}")
    with warnings.catch_warnings():
        # The library warns of a short key; we refuse it.
        warnings.simplefilter("ignore", SecurityWarning)
        is_pem = data.lstrip().startswith(b"-----BEGIN")
        keys = _pem_key(file, data) if is_pem else _jwks_keys(file, data)
    for _, key in keys:
        bits = key.raw_value.key_size
        if bits < FEWEST_BITS:
            raise SetupError(f"key file {file}: an RSA key of {bits} bits, must have at least {FEWEST_BITS}")
    return keys


def _pem_key(file: Path, data: bytes) -> list[tuple[str | None, RSAKey]]:
    if b"PRIVATE" in data:
        raise SetupError(f"key file {file}: a private key, must be the public one alone")
    try:
        return [(None, RSAKey.import_key(data))]
    except (JoseError, ValueError, TypeError) as error:
        raise SetupError(f"key file {file}: no RSA public key in PEM ({error})") from error


def _jwks_keys(file: Path, data: bytes) -> list[tuple[str | None, RSAKey]]:
    """Return the RSA keys for signatures; what is for other algorithms or purposes is passed over."""
    try:
        entries = msgspec.json.decode(data, type=dict[str, Any])["keys"]
        keys: list[tuple[str | None, RSAKey]] = []
        for entry in entries:
            if entry.get("kty") != "RSA" or entry.get("use", "sig") != "sig":
                continue
            if entry.get("alg", ALGORITHM) != ALGORITHM:
                continue
            if any(name in entry for name in _PRIVATE):
                raise SetupError(f"key file {file}: a private key, must be the public one alone")
            keys.append((entry.get("kid"), RSAKey.import_key(entry)))
    except (msgspec.DecodeError, KeyError, AttributeError, TypeError, ValueError, JoseError) as error:
        raise SetupError(f"key file {file}: neither PEM nor a JWKS ({error})") from error
    if not keys:
        raise SetupError(f"key file {file}: no RSA key for signatures, must hold at least one")
    return keys
