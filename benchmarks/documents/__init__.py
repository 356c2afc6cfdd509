"""Documents: reading, summaries, search, questions and what strangers' texts try.

`python -m benchmarks.documents DATA DOCUMENTS --json FILE [--quick] [--only …]`. DATA has `summaries/`
(GUM documents) and `qa/` (XQuAD), of which only dev files are read; DOCUMENTS is a folder of files to
drop. Methods have few knobs, chosen on the even half of each set; the notes tell both halves apart.
"""

import os

# As in the worker; OpenMP looks when torch is loaded.
os.environ.setdefault("GOMP_SPINCOUNT", "30000")
