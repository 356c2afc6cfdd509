"""Reads documents in a process of its own (`main.py --read`), since files come from strangers.

`readers` is the side that asks, `child` the one that reads, `limits` what the child may not do. They
speak the worker's own protocol: `ReadDocument` and `FindDocuments` go in, `Progress` and one terminal
event come out. A child that hangs, grows or crashes is ended; the worker and its models never notice.
"""
