"""Models that run on transformers: looking into a folder, loading, reading, sampling."""
