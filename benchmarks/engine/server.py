"""llama-server over plain HTTP on the loopback address, with its own cache of conversations."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.engine.tuned_llama import Written
from benchmarks.peers import Peers

CHATS = 8
PATIENCE = 300.0
_HOST = "127.0.0.1"


class ServerFailed(Exception):
    """llama-server did not start, or answered something else than expected."""


class LlamaServer:
    def __init__(self, peers: Peers, file: Path, threads: int, log: Path) -> None:
        self._port = _free_port()
        self._log = log.open("wb")
        options = {
            "-m": file,
            "-c": CHATS * 4096,
            "-np": CHATS,
            "--cache-ram": 8192,
            "-t": threads,
            "-fa": "on",
            "-ngl": 0,
            "--host": _HOST,
            "--port": self._port,
        }
        flat = [str(part) for option in options.items() for part in option]
        self._process = subprocess.Popen(
            [peers.program("llama-server"), *flat, "-kvu", "--no-webui"],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
        )

    def wait_ready(self) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self._process.poll() is None:
            try:
                connection = http.client.HTTPConnection(_HOST, self._port, timeout=5)
                connection.request("GET", "/health")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                pass
            finally:
                connection.close()
            time.sleep(0.1)
        raise ServerFailed(f"llama-server did not start (exit code {self._process.poll()})")

    def complete(self, prompt: Sequence[int], tokens: int) -> Written:
        """Stream so many tokens after `prompt`, greedy."""
        body = {
            "prompt": list(prompt),
            "n_predict": tokens,
            "stream": True,
            "cache_prompt": True,
            "ignore_eos": True,
            # Greedy at the least cost: the default samplers look at the whole vocabulary.
            "samplers": ["top_k"],
            "top_k": 1,
            "temperature": 0.0,
        }
        connection = http.client.HTTPConnection(_HOST, self._port, timeout=PATIENCE)
        times: list[float] = []
        start = time.perf_counter()
        try:
            headers = {"Content-Type": "application/json"}
            connection.request("POST", "/completion", json.dumps(body), headers)
            response = connection.getresponse()
            if response.status != 200:
                raise ServerFailed(f"llama-server said {response.status}: {response.read(300)!r}")
            while line := response.readline():
                if not line.startswith(b"data: "):
                    continue
                now = time.perf_counter() - start
                event = json.loads(line[6:])
                if event.get("stop"):
                    if event["tokens_predicted"] != tokens:
                        raise ServerFailed(f"llama-server wrote {event['tokens_predicted']} tokens")
                    break
                times.append(now)
        finally:
            connection.close()
        if not times:
            raise ServerFailed("llama-server wrote nothing")
        return Written(times[0], times[-1], tokens, tuple(times))

    def complete_all(self, prompts: Sequence[Sequence[int]], tokens: int) -> float:
        """All at the same time; seconds until the last one has ended."""
        with ThreadPoolExecutor(len(prompts)) as pool:
            start = time.perf_counter()
            list(pool.map(lambda prompt: self.complete(prompt, tokens), prompts))
            return time.perf_counter() - start

    def close(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
        return port
