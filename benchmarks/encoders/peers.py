"""Python packages that the encoder is compared with; run as a module, it installs them."""

from __future__ import annotations

from benchmarks.python_peers import PythonPeers

PEERS = PythonPeers(
    "encoders",
    (
        "sentence-transformers==6.2.0",
        "vaderSentiment==3.3.2",
        "textblob==0.20.1",
        # What these need and Carrel has not.
        "cloudpickle==3.1.2",
        "defusedxml==0.7.1",
        "joblib==1.6.0",
        "narwhals==2.29.0",
        "nltk==3.10.4",
        "scikit-learn==1.9.1",
        "scipy==1.17.1",
        "threadpoolctl==3.8.0",
    ),
    ("sentence_transformers", "textblob", "vaderSentiment"),
    "CARREL_ENCODER_PEERS",
)

if __name__ == "__main__":
    print(PEERS.use())
