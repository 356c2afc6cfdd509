"""Python packages that documents are compared with; run as a module, it installs them."""

from __future__ import annotations

from benchmarks.python_peers import PythonPeers

PEERS = PythonPeers(
    "documents",
    (
        "pypdf==7.1.0",
        "rouge-score==0.1.2",
        "sumy==0.13.0",
        # What these need and Carrel has not.
        "absl-py==2.5.1",
        "breadability==0.1.21",
        "chardet==7.7.0",
        "docopt-ng==0.9.0",
        "joblib==1.6.0",
        "nltk==3.10.4",
        "pycountry==26.2.16",
        "six==1.17.0",
    ),
    ("pypdf", "rouge_score", "sumy"),
    "CARREL_DOCUMENT_PEERS",
)

if __name__ == "__main__":
    print(PEERS.use())
