"""How the adapters under resources/models are made, on data that is named in their model cards."""
