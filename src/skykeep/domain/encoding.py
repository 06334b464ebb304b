"""The one way a record becomes bytes: JSON, fields in the order of their class, floats in shortest
round-trip form, NaN as null.

The same record always gives the same bytes, on any machine and any supported Python: logs are compared byte
for byte. Arrays become nested lists (an empty one `{"shape": [...]}`); on the way back null becomes NaN in
float arrays. A field that is a plain float must be finite: *not known* is None there.
"""

from __future__ import annotations

from typing import Any, TypeVar, get_args, get_origin

import msgspec
import numpy as np

T = TypeVar("T")


def _to_builtin(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist() if value.size else {"shape": list(value.shape)}
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} has no canonical encoding")


def _from_builtin(wanted: Any, value: Any) -> Any:
    if get_origin(wanted) is not np.ndarray:
        raise TypeError(f"{wanted} cannot be read back")
    dtype = get_args(get_args(wanted)[1])[0]
    if isinstance(value, dict):
        return np.zeros(value["shape"], dtype=dtype)
    return np.asarray(value, dtype=dtype)


_encoder = msgspec.json.Encoder(enc_hook=_to_builtin)


def encode_json(record: Any) -> bytes:
    """Return the canonical bytes of a record; TypeError when it holds something that is no part of a
    record.
    """
    return _encoder.encode(record)


def decode_json(data: bytes, wanted: type[T]) -> T:
    """Return the record of type `wanted` that `data` holds; msgspec.ValidationError says which field is
    wrong.
    """
    return msgspec.json.decode(data, type=wanted, dec_hook=_from_builtin)
