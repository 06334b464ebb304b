"""Two locks on every effect: an order not simulated cannot exist; only the simulator carries one out."""

from __future__ import annotations

import ast
from pathlib import Path

import msgspec
import pytest

import skykeep
from skykeep.domain.encoding import decode_json, encode_json
from skykeep.domain.response import EffectLayer, EffectOrder

SOURCE = Path(skykeep.__file__).parent
SIMULATOR = SOURCE / "sim"
VERB = "carry_out"


def an_order(**fields: object) -> EffectOrder:
    plain: dict[str, object] = {
        "order_id": "order-0001",
        "proposal_id": "proposal-0001",
        "track_id": 1,
        "layer": EffectLayer.SOFT,
        "time_utc_ns": 0,
        "aim_enu_m": (0.0, 0.0, 0.0),
        "approvals": (),
    }
    return EffectOrder(**{**plain, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize("simulated", [False, None, 0, 1, "yes"])
def test_an_order_that_is_not_simulated_cannot_be_built(simulated: object) -> None:
    with pytest.raises(ValueError, match="cannot exist"):
        an_order(simulated=simulated)


def test_nor_changed_into_one_nor_read_from_bytes() -> None:
    order = an_order()
    with pytest.raises(ValueError, match="cannot exist"):
        msgspec.structs.replace(order, simulated=False)
    with pytest.raises(AttributeError):
        order.simulated = False  # type: ignore[misc]
    forged = encode_json(order).replace(b'"simulated":true', b'"simulated":false')
    assert forged != encode_json(order)
    with pytest.raises(msgspec.ValidationError, match="cannot exist"):
        decode_json(forged, EffectOrder)


def implementations(source: str) -> list[int]:
    """Return the lines that give something an ability to carry out orders.

    A method of that name, unless it is a protocol's and empty; an assignment to that name; and the name as a
    string, with which it could be set at run time.
    """
    tree = ast.parse(source)
    promised = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any(
            isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases
        ):
            promised |= {id(method) for method in node.body if _is_empty(method)}
    lines = []
    for node in ast.walk(tree):
        defines = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == VERB
        sets = isinstance(node, ast.Name) and node.id == VERB and isinstance(node.ctx, ast.Store)
        puts = isinstance(node, ast.Attribute) and node.attr == VERB and isinstance(node.ctx, ast.Store)
        spells = isinstance(node, ast.Constant) and node.value == VERB
        if (defines and id(node) not in promised) or sets or puts or spells:
            lines.append(getattr(node, "lineno", 0))
    return lines


def _is_empty(method: ast.stmt) -> bool:
    """Return whether a method holds nothing but a docstring and `...`."""
    return isinstance(method, ast.FunctionDef) and all(
        isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant) for line in method.body
    )


def test_the_search_finds_what_it_looks_for() -> None:
    assert implementations("class Sink:\n    def carry_out(self, order): ...") == [2]
    assert implementations("class Sink:\n    async def carry_out(self, order): ...") == [2]
    assert implementations("class Sink:\n    carry_out = send") == [2]
    assert implementations("sink.carry_out = send") == [1]
    assert implementations("setattr(sink, 'carry_out', send)") == [1]
    assert implementations("class Sink(Protocol):\n    def carry_out(self, order):\n        send(order)") == [
        2
    ]
    assert (
        implementations(
            "class Sink(Protocol):\n    def carry_out(self, order):\n        'Begin.'\n        ..."
        )
        == []
    )
    assert implementations("sink.carry_out(order)") == []


def test_nothing_but_the_simulator_carries_an_order_out() -> None:
    found = {
        str(path.relative_to(SOURCE)): lines
        for path in sorted(SOURCE.rglob("*.py"))
        if SIMULATOR not in path.parents and (lines := implementations(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_only_the_desk_writes_orders() -> None:
    makers = [
        str(path.relative_to(SOURCE))
        for path in sorted(SOURCE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Name) and node.func.id == "EffectOrder")
            or (isinstance(node.func, ast.Attribute) and node.func.attr == "EffectOrder")
        )
    ]
    assert makers == ["response/proposals.py"]
