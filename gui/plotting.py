"""pyqtgraph as this window uses it: `from gui.plotting import pg`.

Import it late: it brings NumPy along, which the window does without until a chart is first shown.
"""

from __future__ import annotations

import sys
import threading

_hooks = sys.excepthook, threading.excepthook
import pyqtgraph as pg  # noqa: E402

# It puts itself in front of what happens to unforeseen errors, which is this window's affair.
sys.excepthook, threading.excepthook = _hooks
# Qt deletes widgets in the right order; pyqtgraph's own cleanup goes through all objects.
pg.setConfigOptions(exitCleanup=False, antialias=True)

__all__ = ["pg"]
