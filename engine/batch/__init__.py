"""Tables of texts: rows are read from CSV or JSONL, judged in chunks, and written row by row.

`sources` makes text of bytes, `tables` finds the rows, `outputs` writes them, `resuming` looks at
what an earlier run wrote, `judging` asks the worker. Nothing here knows a model or the window.
"""
