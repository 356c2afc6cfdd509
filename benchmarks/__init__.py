"""Benchmarks: `python -m benchmarks.NAME --json FILE [--quick]`. Ratios from one run, no absolutes."""
