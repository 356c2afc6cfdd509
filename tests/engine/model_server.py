"""A real OpenAI-compatible server on loopback: llama.cpp's own, with the embedded model.

`python -m tests.engine.model_server KEY` prints its address, and serves until its input ends.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from engine.paths import APP_ROOT

ALIAS, SERVER_KEY = "smol", "a-key-for-tests"
CONTEXT, SLOTS = 1024, 4


@contextmanager
def model_server(key: str) -> Iterator[str]:
    """The address of a server that wants this key, for the length of the block."""
    command = [sys.executable, "-m", "tests.engine.model_server", key]
    with subprocess.Popen(
        command,
        cwd=APP_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:"), "the server did not start"
        try:
            yield address
        finally:
            process.stdin.close()


def main(key: str) -> None:
    import xllamacpp

    from engine.catalog import embedded_chat_model

    params = xllamacpp.CommonParams()
    params.model.path = str(embedded_chat_model())
    params.model_alias = {ALIAS}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [key]
    params.n_parallel, params.n_ctx = SLOTS, SLOTS * CONTEXT
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.warmup = False
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1])
