"""Campaigns: every seed is answered for, whatever happens to its worker."""

import os

from skykeep.planning.campaign import run_campaign


def square(seed: int) -> int:
    return seed * seed


def fail_on_three(seed: int) -> int:
    if seed == 3:
        raise RuntimeError("three is unlucky")
    return seed


def die_on_two(seed: int) -> int:
    if seed == 2:
        os._exit(9)
    return seed


def test_every_seed_comes_back_once() -> None:
    results = sorted((r.seed, r.value) for r in run_campaign(square, range(4), workers=2))
    assert results == [(0, 0), (1, 1), (2, 4), (3, 9)]


def test_a_night_that_fails_says_why_and_the_others_go_on() -> None:
    results = {r.seed: r for r in run_campaign(fail_on_three, [2, 3, 4])}
    assert results[3].failure == "RuntimeError: three is unlucky"
    assert (results[2].value, results[4].value) == (2, 4)


def test_a_dead_worker_costs_its_own_seed_only() -> None:
    results = {r.seed: r for r in run_campaign(die_on_two, [1, 2, 3], workers=2)}
    assert results[2].failure == "worker died (9)"
    assert (results[1].value, results[3].value) == (1, 3)
