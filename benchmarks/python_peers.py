"""Python packages that Carrel is compared with and does not need.

They are put into a folder of their own, without what Carrel has already (torch, transformers …), so
that all arms compute with the same libraries.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from benchmarks.peers import PeersMissing
from benchmarks.report import progress
from engine.paths import cache_folder


class PythonPeers(NamedTuple):
    """`packages` at exact versions, with what they need and Carrel has not; `modules` tell whether they
    are there. `variable` may name their folder."""

    name: str
    packages: tuple[str, ...]
    modules: tuple[str, ...]
    variable: str

    def use(self, folder: Path | None = None) -> Path:
        """Let the modules be imported from `folder`, the variable's, or a new folder.

        `PeersMissing` if they are not there and cannot be installed.
        """
        named = folder or Path(os.environ.get(self.variable, "") or self._own_folder())
        if self.lacking(named):
            if named != self._own_folder():
                raise PeersMissing(f"{named} has no {', '.join(self.lacking(named))}")
            self._install(named)
        if str(named) not in sys.path:
            sys.path.append(str(named))  # last: what Carrel has itself comes first
        return named

    def lacking(self, folder: Path) -> list[str]:
        return [name for name in self.modules if not (folder / name).is_dir()]

    def _own_folder(self) -> Path:
        return cache_folder() / "peers" / self.name

    def _install(self, folder: Path) -> None:
        progress(f"installing the peers of {self.name} into {folder}")
        shutil.rmtree(folder, ignore_errors=True)
        command = [sys.executable, "-m", "pip", "install", "--no-deps", "--target", str(folder)]
        done = subprocess.run(
            [*command, *self.packages], capture_output=True, text=True, errors="replace"
        )
        if done.returncode or self.lacking(folder):
            tail = " ".join((done.stderr or done.stdout).strip().splitlines()[-3:])
            raise PeersMissing(f"installing {', '.join(self.packages[:3])} failed: {tail}")
