"""The engine against its peers: `python -m benchmarks.engine --json FILE [--quick] [--only NAME,NAME]`.

Carrel is driven as the window drives it: a worker process, requests and events over its pipes. The
peers are llama-cpp-python's own `Llama`, tuned, and llama.cpp's programs of the same commit. Same
file, same prompts, greedy, fixed lengths, two threads, arms in turn within one run.
To add a measure: a generator of rows here and its line in `measures.py`.
"""
