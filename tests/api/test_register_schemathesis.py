"""Requests that follow the register's document and requests that do not, for every operation in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import CHECKS, load_all_checks

from register_world import LONGEST_WAIT_S, NOW_UTC_NS, World, bearer, world
from skykeep.api.register_api_scopes import SCOPES

load_all_checks()
# The schema cannot say which fields go together, what the office allows, or which things there are.
# `ignored_auth` asks once more without a token, and our own header is put back by the call: what is refused
# without one is for the matrix to show (test_register_auth.py).
NOT_SAID: list[Any] = CHECKS.get_by_names(["positive_data_acceptance", "ignored_auth"])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("schema")) as made:
        yield made


@pytest.fixture(scope="module")
def document(served: World) -> Any:
    return schemathesis.openapi.from_dict(served.ask("GET", "/v1/openapi.json").json())


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
@pytest.mark.parametrize(("method", "path"), sorted(key for key, scopes in SCOPES.items() if scopes))
def test_schemathesis_finds_nothing(
    served: World, document: Any, method: str, path: str, mode: schemathesis.GenerationMode
) -> None:
    assert served.clock.now_utc_ns() == NOW_UTC_NS
    headers = bearer()

    @given(document[path][method].as_strategy(generation_mode=mode))
    @settings(max_examples=3, suppress_health_check=list(HealthCheck))
    def send(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(
            base_url=served.url, headers=headers, excluded_checks=NOT_SAID, timeout=LONGEST_WAIT_S
        )

    send()
    assert served.app.state.desk.faults == 0
