"""all-MiniLM-L6-v2 as a sentence encoder: mean of the token vectors, scaled to unit length.

Model and pooling: Reimers and Gurevych 2019 (Sentence-BERT), as sentence-transformers/all-MiniLM-L6-v2
was trained. English first; for other languages its vectors say little more than shared words do.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from engine.catalog import ENCODER_SHA256, embedded_encoder
from engine.contracts import AbortFlag
from engine.errors import EncoderError
from engine.hashing import file_sha256

MAX_TOKENS = 256  # what the model was trained on; longer sentences are cut
BATCH = 32


class MiniLmEncoder:
    def __init__(self) -> None:
        # These two modules alone: `import transformers` by name would load far more.
        from transformers.models.bert.modeling_bert import BertModel
        from transformers.models.bert.tokenization_bert import BertTokenizer

        folder = embedded_encoder()
        try:
            weights = folder / "model.safetensors"
            if file_sha256(weights, AbortFlag(), lambda done, total: None) != ENCODER_SHA256:
                # Weights that lack a layer would load, with random numbers in its place.
                raise ValueError(f"{weights.name} is not the file that Carrel was made with")
            self._tokenizer = BertTokenizer.from_pretrained(folder, local_files_only=True)
            self._model = BertModel.from_pretrained(
                folder, local_files_only=True, use_safetensors=True, add_pooling_layer=False
            ).eval()
        except Exception as error:  # a damaged file shows itself in many ways
            raise EncoderError(
                "The embedded sentence encoder cannot be read.", detail=repr(error)
            ) from error
        self._device = _device()
        self._model.to(self._device)

    def encode(self, sentences: Sequence[str], abort: AbortFlag) -> np.ndarray:
        """Unit vectors, float32 of shape (len(sentences), 384), in the order given."""
        vectors = np.zeros((len(sentences), self._model.config.hidden_size), dtype=np.float32)
        by_length = sorted(range(len(sentences)), key=lambda index: len(sentences[index]))
        for start in range(0, len(by_length), BATCH):
            abort.raise_if_set()
            rows = by_length[start : start + BATCH]
            vectors[rows] = self._encode_batch([sentences[row] for row in rows])
        return vectors

    @torch.inference_mode()
    def _encode_batch(self, sentences: list[str]) -> np.ndarray:
        inputs = self._tokenizer(
            sentences, padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt"
        ).to(self._device)
        states = self._model(**inputs).last_hidden_state
        mask = inputs["attention_mask"].unsqueeze(-1).to(states.dtype)
        means = (states * mask).sum(dim=1) / mask.sum(dim=1).clamp(min=1e-9)
        pooled: np.ndarray = torch.nn.functional.normalize(means, dim=1).float().cpu().numpy()
        return pooled


def _device() -> str:
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"
