"""Prove the README's two lines in a clean environment: a new clone, an empty home, no pip cache.

    python3 tests/proofs/fresh_install.py            both lines, one after the other
    python3 tests/proofs/fresh_install.py --each     each in a clone of its own

Needs git, network and what docs/install.md names for Debian; standard library only. Prints how
long each line took and what was downloaded. Only settings of the network are passed on (proxy,
certificates, package index), nothing else of the environment.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NETWORK = ("PIP_", "SSL_CERT", "REQUESTS_CA", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY")
WINDOW_SECONDS = 15


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--each", action="store_true", help="a clone for each line")
    parser.add_argument("--working-tree", action="store_true", help="what is not committed as well")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="carrel-fresh-") as folder:
        clone = make_clone(Path(folder) / "first", options.working_tree)
        open_line, test_line = readme_lines(clone)
        good = prove_app(clone, open_line)
        if options.each:
            clone = make_clone(Path(folder) / "second", options.working_tree)
        good = prove_tests(clone, test_line) and good
    sys.exit(0 if good else 1)


def make_clone(folder: Path, working_tree: bool) -> Path:
    """Clone the repository, or copy every file that git does not ignore."""
    home, clone = folder / "home", folder / "clone"
    home.mkdir(parents=True)
    if not working_tree:
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        return clone
    names = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True
    ).stdout.split(b"\0")
    for name in filter(None, map(os.fsdecode, names)):
        target = clone / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_file():
            target.write_bytes((ROOT / name).read_bytes())
            target.chmod((ROOT / name).stat().st_mode)
    return clone


def readme_lines(clone: Path) -> tuple[str, str]:
    """The line that opens the app and the line that passes the tests, as the README has them."""
    readme = (clone / "README.md").read_text("utf-8")
    opens = re.search(r"^python3 .*install\.py && .*carrel$", readme, re.MULTILINE)
    tests = re.search(r"^python3 .*install\.py --dev && .*pytest$", readme, re.MULTILINE)
    if not (opens and tests):
        sys.exit("README.md does not have both lines.")
    return opens[0], tests[0]


def start(clone: Path, line: str, log: Path) -> subprocess.Popen[bytes]:
    """Run `line` as if it were pasted into a new shell on a new machine."""
    environment = {name: value for name, value in os.environ.items() if name.startswith(NETWORK)}
    environment |= {
        "HOME": str(clone.parent / "home"),
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "PIP_NO_CACHE_DIR": "1",
        "QT_QPA_PLATFORM": "offscreen",
    }
    return subprocess.Popen(
        ["/bin/bash", "-c", line],
        cwd=clone,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=log.open("wb"),
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def prove_app(clone: Path, line: str) -> bool:
    """The first line must set up, open the window, and keep it open."""
    print(f"$ {line}", flush=True)
    log, began = clone.parent / "app.log", time.monotonic()
    process = start(clone, line, log)
    while process.poll() is None and b"Carrel is ready" not in log.read_bytes():
        time.sleep(0.2)
    seconds = time.monotonic() - began
    deadline = time.monotonic() + WINDOW_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.2)
    good = process.poll() is None
    if good:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=10)
    print(log.read_text("utf-8", errors="replace"))
    print(f"set-up {seconds:.0f} s, {downloaded(clone):.0f} MB; window ", end="")
    print(f"open for {WINDOW_SECONDS} s\n" if good else f"closed with {process.returncode}\n")
    return good and chats(clone)


def chats(clone: Path) -> bool:
    """The embedded model must answer in the new environment."""
    line = '.venv/bin/carrel chat "Name three colours."'
    log, began = clone.parent / "chat.log", time.monotonic()
    status = start(clone, line, log).wait()
    print(f"$ {line}\n{log.read_text('utf-8', errors='replace')}")
    print(f"status {status}, {time.monotonic() - began:.1f} s\n", flush=True)
    return status == 0


def prove_tests(clone: Path, line: str) -> bool:
    """The second line must set up what is missing and pass every test."""
    print(f"$ {line}", flush=True)
    log, began = clone.parent / "tests.log", time.monotonic()
    status = start(clone, line, log).wait()
    text = log.read_text("utf-8", errors="replace")
    print(text if status else text[:1500] + "\n...\n" + text[-500:])
    print(f"status {status}, {time.monotonic() - began:.0f} s, {downloaded(clone):.0f} MB in all")
    return status == 0


def downloaded(clone: Path) -> float:
    """Megabytes by pip's logs; a wheel taken from a local folder counts as if downloaded."""
    sys.path.insert(0, str(clone / "packaging"))
    from install_plan import downloaded_megabytes

    total = 0.0
    for log in (clone / ".venv").glob("install-*.log"):
        text = log.read_text("utf-8", errors="replace")
        total += downloaded_megabytes(text)
        local = re.findall(r"^ *Processing (/\S+\.(?:whl|gz))", text, re.MULTILINE)
        files = (Path(name) for name in local if str(clone) not in name)
        total += sum(file.stat().st_size / 1e6 for file in files if file.exists())
    return total


if __name__ == "__main__":
    main()
