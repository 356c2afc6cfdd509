"""Python packages that the encoder is compared with and that Carrel does not need.

They are put into a folder of their own, without what Carrel has already (torch, transformers …), so
that all arms compute with the same torch. `python -m benchmarks.encoders.peers` installs them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.peers import PeersMissing
from benchmarks.report import progress
from engine.paths import cache_folder

PACKAGES = (
    "sentence-transformers==6.2.0",
    "vaderSentiment==3.3.2",
    "textblob==0.20.1",
    # What these need and Carrel has not.
    "cloudpickle==3.1.2",
    "defusedxml==0.7.1",
    "joblib==1.6.0",
    "narwhals==2.29.0",
    "nltk==3.10.4",
    "scikit-learn==1.9.1",
    "scipy==1.17.1",
    "threadpoolctl==3.8.0",
)
MODULES = ("sentence_transformers", "textblob", "vaderSentiment")


def use_peers(folder: Path | None = None) -> Path:
    """Let their modules be imported from `folder`, `CARREL_ENCODER_PEERS`, or a new folder.

    `PeersMissing` if they are not there and cannot be installed.
    """
    named = folder or Path(os.environ.get("CARREL_ENCODER_PEERS", "") or _own_folder())
    if lacking(named):
        if named != _own_folder():
            raise PeersMissing(f"{named} has no {', '.join(lacking(named))}")
        _install(named)
    if str(named) not in sys.path:
        sys.path.append(str(named))  # last: what Carrel has itself comes first
    return named


def lacking(folder: Path) -> list[str]:
    return [name for name in MODULES if not (folder / name).is_dir()]


def _own_folder() -> Path:
    return cache_folder() / "peers" / "encoders"


def _install(folder: Path) -> None:
    progress(f"installing the encoder's peers into {folder}")
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "pip", "install", "--no-deps", "--target", str(folder)]
    done = subprocess.run([*command, *PACKAGES], capture_output=True, text=True, errors="replace")
    if done.returncode or lacking(folder):
        tail = " ".join((done.stderr or done.stdout).strip().splitlines()[-3:])
        raise PeersMissing(f"installing {', '.join(PACKAGES[:3])} failed: {tail}")


if __name__ == "__main__":
    print(use_peers())
