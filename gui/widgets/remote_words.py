"""How the window says where text goes: one sentence, everywhere the same."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from engine.server_address import ServerAddress


def where_text_goes(address: ServerAddress) -> str:
    if address.is_this_computer:
        words = QCoreApplication.translate(
            "Remote", "Text is sent to {host}, a program on this computer"
        )
    else:
        words = QCoreApplication.translate("Remote", "Text leaves this computer, to {host}")
    return words.format(host=address.host)
