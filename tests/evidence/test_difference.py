"""The first field that differs, by its path."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.evidence.difference import first_difference

DIFFERENT = {
    "number in a list of records": (
        b'{"a":1,"t":[{"p":0.5},{"p":0.7}]}',
        b'{"a":1,"t":[{"p":0.5},{"p":0.75}]}',
        "t[1].p",
    ),
    "field gone": (b'{"a":1}', b'{"a":1,"b":2}', "b"),
    "field too many": (b'{"a":1,"b":2}', b'{"a":1}', "b"),
    "list longer": (b'{"a":[1,2,3]}', b'{"a":[1,2]}', "a"),
    "null for a number": (b'{"a":null}', b'{"a":0}', "a"),
    "true for one": (b'{"a":true}', b'{"a":1}', "a"),
    "same values, other spelling": (b'{"a":1.0}', b'{"a":1.00}', ""),
    "not JSON": (b"\xff", b"{}", ""),
}


@pytest.mark.parametrize("story", DIFFERENT)
def test_the_path_leads_to_the_first_difference(story: str) -> None:
    found, must, path = DIFFERENT[story]

    difference = first_difference(found, must)

    assert difference is not None
    assert difference.path == path
    assert difference.found != difference.must


values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=8,
)


@given(values, values)
def test_equal_bytes_and_only_they_have_no_difference(one: object, other: object) -> None:
    found, must = msgspec.json.encode(one), msgspec.json.encode(other)

    assert (first_difference(found, must) is None) == (found == must)
