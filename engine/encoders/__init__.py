"""The one resident encoder. A later adapter for it is one file here."""
