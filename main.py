"""Carrel's one executable: the window, the command line and the worker process.

No arguments: the window. `--worker`: the engine's process, started by the other two; `--read` and
`--quantize`: those that this one starts. Anything else: a command (`carrel --help`). Each imports
only what it needs, so that the window opens fast.
"""

from __future__ import annotations

import sys


def main() -> int:
    arguments = sys.argv[1:]
    if arguments[:1] == ["--worker"]:
        from engine.worker.process import main as run_worker

        return run_worker(arguments[1:])
    if arguments[:1] == ["--read"]:
        from engine.documents.apart.child import main as run_reader

        return run_reader(arguments[1:])
    if arguments[:1] == ["--quantize"]:
        from engine.backends.llama.quantizing import main as run_quantizing

        return run_quantizing(arguments[1:])
    if arguments:
        from engine.cli import main as run_command

        return run_command(arguments)
    from gui.app import main as run_window

    return run_window(sys.argv)


if __name__ == "__main__":
    sys.exit(main())
