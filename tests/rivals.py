"""Several processes that are asked the same at the same moment."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

WAIT_S = 240.0


@contextmanager
def rivals(program: Path, *arguments: list[str]) -> Iterator[Callable[[list[str]], list[str]]]:
    """Start `program` once with each of `arguments`; when all have said that they are ready, give a function
    that hands each a line at once and returns what each answers: "granted" or "refused".
    """
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1] / "src")}
    with ExitStack() as stack:
        running = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, str(program), *each],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    env=environment,
                )
            )
            for each in arguments
        ]

        def end() -> None:
            for each in running:
                each.kill()

        stack.callback(end)
        # Whatever happens they end, so that no wait is without end.
        last = threading.Timer(WAIT_S, end)
        last.start()
        stack.callback(last.cancel)

        def answers() -> list[str]:
            return [each.stdout.readline().strip() for each in running if each.stdout is not None]

        def ask(lines: list[str]) -> list[str]:
            for each, line in zip(running, lines, strict=True):
                assert each.stdin is not None
                each.stdin.write(line + "\n")
                each.stdin.flush()
            said = answers()
            assert set(said) <= {"granted", "refused"}
            return said

        assert set(answers()) == {"ready"}
        yield ask
