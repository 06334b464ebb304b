"""Two locks on every effect: an order not simulated cannot exist; only the simulator carries one out.

Each is proved in the source (what is written), at run time (what is there), and with the other one taken away
(what is left).
"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import numpy as np
import pytest

import skykeep
from skykeep.app.bare_site import bare_site
from skykeep.base.errors import SetupError
from skykeep.domain.encoding import decode_json, encode_json
from skykeep.domain.record import EntryRole
from skykeep.domain.response import EffectLayer, EffectOrder
from skykeep.engine.outputs import RunHeader
from skykeep.engine.pipeline import Pipeline
from skykeep.geo.frames import LocalFrame
from skykeep.sim.effects import Effects

SOURCE = Path(skykeep.__file__).parent
VERB = "carry_out"


@functools.cache
def parsed(source: str) -> ast.Module:
    return ast.parse(source)


@functools.cache
def sources() -> dict[str, str]:
    """Every source file of the house, by its path in it."""
    return {
        path.relative_to(SOURCE).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(SOURCE.rglob("*.py"))
    }


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
    tree = parsed(source)
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
        path: lines
        for path, source in sources().items()
        if not path.startswith("sim/") and VERB in source and (lines := implementations(source))
    }
    assert found == {}


def test_only_the_desk_writes_orders() -> None:
    makers = [
        path
        for path, source in sources().items()
        if "EffectOrder" in source
        for node in ast.walk(parsed(source))
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Name) and node.func.id == "EffectOrder")
            or (isinstance(node.func, ast.Attribute) and node.func.attr == "EffectOrder")
        )
    ]
    assert makers == ["response/proposals.py"]


# --- who may be given a sink ------------------------------------------------------------------------------


def sinks_given(source: str) -> list[tuple[int, str]]:
    """Return (line, what) of every sink that a pipeline is made with, unless it is the word None."""
    found = []
    for node in ast.walk(parsed(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        # The fifth thing that a pipeline is given, or by name wherever it stands.
        given = [word.value for word in node.keywords if word.arg in ("effect_sink", None)]
        given += node.args[4:5] if name == "Pipeline" else []
        given += [each for each in node.args if isinstance(each, ast.Starred)] if name == "Pipeline" else []
        if name == "Pipeline" or any(word.arg == "effect_sink" for word in node.keywords):
            found += [(node.lineno, ast.unparse(what)) for what in given if ast.unparse(what) != "None"]
    return found


def test_the_search_for_sinks_finds_them() -> None:
    assert sinks_given("Pipeline(a, b, c, d, sink)") == [(1, "sink")]
    assert sinks_given("engine.Pipeline(a, b, c, d, effect_sink=sink)") == [(1, "sink")]
    assert sinks_given("partial(Pipeline, effect_sink=sink)") == [(1, "sink")]
    assert sinks_given("Pipeline(*everything)") == [(1, "*everything")]
    assert sinks_given("Pipeline(**everything)") == [(1, "everything")]
    assert sinks_given("Pipeline(a, b, c, d, None)") == []
    assert sinks_given("Pipeline(a, b, c, d)") == []


def test_only_the_simulated_night_gives_its_pipeline_a_sink() -> None:
    found = {
        path: [what for _, what in given]
        for path, source in sources().items()
        if ("Pipeline" in source or "effect_sink" in source) and (given := sinks_given(source))
    }
    assert found == {"app/night.py": ["self.night"], "planning/generated_night.py": ["night"]}


def test_nobody_reaches_into_a_pipeline_for_its_sink() -> None:
    assert [path for path, source in sources().items() if "._effect_sink" in source] == ["engine/pipeline.py"]


def test_the_floors_that_feed_and_serve_know_nothing_of_effects() -> None:
    """Only the composer of a night and the simulator itself import the simulator's effects."""
    word = re.compile(r"skykeep\.sim\.effects|skykeep\.sim import .*effects|import_module\(.*effects")
    found = [path for path, source in sources().items() if word.search(source)]
    assert found
    assert all(path.startswith("sim/") for path in found)


def every_module() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(skykeep.__path__, "skykeep."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def test_of_all_that_can_be_loaded_only_two_classes_carry_out() -> None:
    able = set()
    for module in every_module():
        assert not hasattr(module, VERB), module
        for _, kind in inspect.getmembers(module, inspect.isclass):
            if hasattr(kind, VERB) and not getattr(kind, "_is_protocol", False):
                able.add(f"{kind.__module__}.{kind.__qualname__}")
    assert able == {"skykeep.sim.effects.Effects", "skykeep.sim.night.SimulatedNight"}


# --- a live pipeline has none, and refuses one -------------------------------------------------------------


class Sink:
    """Takes whatever it is given."""

    def __init__(self) -> None:
        self.taken: list[EffectOrder] = []

    def carry_out(self, order: EffectOrder) -> None:
        self.taken.append(order)


class Paper:
    """A log that keeps nothing."""

    def append(self, time_utc_ns: int, role: EntryRole, kind: str, payload: bytes) -> int:
        return 0


def pipeline(*, simulated: Any, sink: Sink | None) -> Pipeline:
    header = RunHeader(mode="LIVE", scenario="", seed=0, simulated=simulated, version="0", terrain_sha256="")
    site = bare_site("s", "s", LocalFrame(latitude_deg=0.0, longitude_deg=0.0, height_hae_m=0.0))
    return Pipeline(header, site, None, Paper(), sink)


@pytest.mark.parametrize("simulated", [False, None, 1, "yes"])
def test_a_pipeline_that_is_not_a_simulation_refuses_a_sink(simulated: object) -> None:
    with pytest.raises(SetupError, match="only a simulation has one"):
        pipeline(simulated=simulated, sink=Sink())


def test_a_live_pipeline_writes_an_order_down_and_nothing_more() -> None:
    live = pipeline(simulated=False, sink=None)
    live._respond((an_order(),))
    assert live.counts["log_entries"] == 3


# --- either lock taken away: the other one still holds -----------------------------------------------------


def unlocked_order() -> EffectOrder:
    """An order as it would be were the first lock gone: forced open from within."""
    order = an_order()
    msgspec.structs.force_setattr(order, "simulated", False)
    assert order.simulated is False
    return order


def mutated(path: str, cut: str, put: str) -> dict[str, Any]:
    """Return the names of a source file run with one part of it replaced."""
    source = (SOURCE / path).read_text(encoding="utf-8")
    changed, times = re.subn(cut, put, source)
    assert times == 1
    module = ModuleType("mutated")
    with pytest.MonkeyPatch.context() as patch:
        # A record looks up the module that it is written in.
        patch.setitem(sys.modules, "mutated", module)
        exec(compile(changed, path, "exec"), vars(module))
    return vars(module)


def bare(effects: type[Effects]) -> Effects:
    """Effects without a world: whoever gets past the lock trips over that."""
    return effects.__new__(effects)


def test_without_the_first_lock_the_sink_and_the_pipeline_refuse() -> None:
    with pytest.raises(ValueError, match="only a simulated order"):
        bare(Effects).carry_out(unlocked_order(), 0)
    sink = Sink()
    with pytest.raises(ValueError, match="goes nowhere"):
        pipeline(simulated=True, sink=sink)._respond((unlocked_order(),))
    assert sink.taken == []


def test_with_the_first_lock_cut_out_of_the_source_the_second_refuses() -> None:
    opened = mutated(
        "domain/response.py", r"        if self\.simulated is not True:\n", "        if False:\n"
    )
    order = opened["EffectOrder"](
        **{name: getattr(an_order(), name) for name in EffectOrder.__struct_fields__ if name != "simulated"},
        simulated=False,
    )
    assert order.simulated is False
    with pytest.raises(ValueError, match="only a simulated order"):
        bare(Effects).carry_out(order, 0)


def test_with_the_second_lock_cut_out_of_the_source_the_first_refuses() -> None:
    opened = mutated("sim/effects.py", r"        if order\.simulated is not True:\n", "        if False:\n")
    # It would take anything now (and trips over the missing world) ...
    with pytest.raises(AttributeError):
        bare(opened["Effects"]).carry_out(unlocked_order(), 0)
    # ... but there is nothing to give it.
    with pytest.raises(ValueError, match="cannot exist"):
        an_order(simulated=False)


def test_numbers_that_look_true_open_nothing() -> None:
    for looks_true in (np.True_, 1, 1.0, "True"):
        with pytest.raises(ValueError, match="cannot exist"):
            an_order(simulated=looks_true)
