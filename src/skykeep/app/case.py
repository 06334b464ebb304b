"""The case file of a night."""


def write_case(*a, **k) -> None: ...
