"""Slow proofs, each a script; the test suite runs their quick forms."""

import os

# As in the worker, and before llama.cpp is there: threads on a busy machine shall not spin.
os.environ.setdefault("GOMP_SPINCOUNT", "30000")
