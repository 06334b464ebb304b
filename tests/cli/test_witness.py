"""`skykeep witness serve` as a process of its own."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from skykeep.store.signing_keys import make_key


def test_it_serves_says_its_key_and_ends_in_good_order(tmp_path: Path) -> None:
    log, witness = make_key("watch.example/harbour", tmp_path), make_key("witness.example/w1", tmp_path)
    with subprocess.Popen(
        [
            *(str(Path(sys.executable).with_name("skykeep")), "witness", "serve", "witness.example/w1"),
            *("--port", "0"),
            *("--log", log.verifier.text, "--book", str(tmp_path / "book.db"), "--folder", str(tmp_path)),
        ],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        key = process.stdout.readline()
        assert key.startswith("Key of its cosignatures: witness.example/w1+")
        found = re.search(r"http\S+", process.stdout.readline())
        assert found is not None
        asked = urllib.request.Request(f"{found[0]}add-checkpoint", b"old 0\n", method="POST")
        try:
            urllib.request.urlopen(asked, timeout=10)
            status = 200
        except urllib.error.HTTPError as error:
            status = error.code
            error.close()
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)
    assert status == 400
    assert witness.verifier.name in key
    assert process.returncode == 0
