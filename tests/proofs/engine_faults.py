"""What can go wrong around the engine does: killed workers, damaged states, models that cannot be.

`python -m tests.proofs.engine_faults [--quick] [--kills N] [--damages N] [--seed N] [--json FILE]`
kills the worker at 100 moments (`fault_kills`), damages what is kept of a conversation 200 times
(`fault_states`), asks for contexts larger than memory, and for files that make llama.cpp end its
process (`fault_models`). Ends with 1 if anything was lost, used that should not be, or not told.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.proofs.fault_kills import kill_workers
from tests.proofs.fault_models import odd_models
from tests.proofs.fault_states import damage_states


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="3 kills, 10 damages, few models")
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--damages", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    kills = options.kills or (3 if options.quick else 100)
    damages = options.damages or (10 if options.quick else 200)
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CARREL_HOME"] = str(Path(folder) / "kills")
        found["kills"] = kill_workers(kills, options.seed, samples=4 if options.quick else 60)
        os.environ["CARREL_HOME"] = str(Path(folder) / "states")
        found["states"] = damage_states(damages, seed=options.seed)
        found["models"] = odd_models(Path(folder), quick=options.quick)
    print(json.dumps(found, indent=2, ensure_ascii=False))
    if options.json:
        options.json.write_text(json.dumps(found, indent=2), encoding="utf-8")
    return 1 if any(part["wrong"] for part in found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
