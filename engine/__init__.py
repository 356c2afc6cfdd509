"""Carrel's engine: everything that reads, thinks or remembers. It knows no window and imports no Qt."""

__version__ = "0.1.0"
