"""The encoder against its peers: `python -m benchmarks.encoders DATA --json FILE [--quick]`.

DATA is a data folder as `engine.training` takes it; only its dev files are read. What is measured is
what ships: `ResidentEncoder` with the adapters under resources/models, on its own thread. Peers do
the same work with the same weights, in turn within one run, on the same thread of the same process,
so that neither has more threads of OpenMP than the other. English only: the encoder knows no Chinese.
"""

import os

# As in the worker; OpenMP looks when torch is loaded.
os.environ.setdefault("GOMP_SPINCOUNT", "30000")
