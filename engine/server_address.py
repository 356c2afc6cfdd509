"""The address of a model server, as a user types it and as requests need it. Nothing is sent here.

Any `/v1` or the like stays, and is added where none is: that is where OpenAI-compatible servers
answer. A name of other letters is turned into its ASCII form, so that it cannot look like another.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

import msgspec

from engine.errors import BadRequestError

LONGEST = 2000
_PORTS = {"http": 80, "https": 443}
_VERSION = re.compile(r"/v\d[^/]*(?=/|$)")
_DEEDS = ("/chat/completions", "/completions", "/models", "/responses", "/embeddings")
_HINT = "Enter an address such as http://192.168.1.20:8000/v1."


class ServerAddress(msgspec.Struct, frozen=True):
    """`base` is what paths such as `/models` are added to, `root` has no version, `origin` no path.

    `host` is how the window names the server: the port belongs to it if it is not the usual one.
    """

    base: str
    root: str
    origin: str
    host: str
    is_this_computer: bool

    def is_encrypted(self) -> bool:
        return self.base.startswith("https:")


def is_address(path: str | None) -> bool:
    """Does a model's path name a server, not a file?"""
    return path is not None and path.lower().startswith(("http://", "https://"))


def parse_address(text: str) -> ServerAddress:
    """`text` as a server's address; `BadRequestError` says what is wrong with it."""
    typed = text.strip()
    if typed and "://" not in typed and not typed.startswith("/"):
        typed = f"http://{typed}"
    split, port = _split(typed)
    name = _host_name(split)
    bracketed = f"[{name}]" if ":" in name else name
    host = bracketed if port in (None, _PORTS[split.scheme]) else f"{bracketed}:{port}"
    origin = f"{split.scheme}://{host}"
    path = re.sub(r"/{2,}", "/", split.path).rstrip("/")
    for deed in _DEEDS:
        path = path.removesuffix(deed)
    version = _VERSION.search(path)
    root = path[: version.start()] if version else path
    base = path if version else f"{path}/v1"
    return ServerAddress(origin + base, origin + root, origin, host, _is_loopback(name))


def _split(typed: str) -> tuple[SplitResult, int | None]:
    """The parts of an address; without user, query and fragment, which have no use here."""
    if not typed:
        raise BadRequestError("No address was entered.", hint=_HINT)
    if len(typed) > LONGEST or re.search(r"[\s\x00-\x1f\x7f\\<>\"^`{|}]", typed):
        raise BadRequestError("This is no address of a server.", hint=_HINT)
    try:
        split = urlsplit(typed)
        port = split.port
    except ValueError as error:
        raise BadRequestError("This is no address of a server.", hint=_HINT) from error
    if split.scheme not in _PORTS:
        raise BadRequestError("A server's address begins with http:// or https://.", hint=_HINT)
    if "@" in split.netloc:
        raise BadRequestError(
            "The address holds a name or a password.",
            hint="Leave out what stands before the @; a key has a field of its own.",
        )
    if split.query or split.fragment:
        raise BadRequestError("The address holds more than a path.", hint="Leave out ? and #.")
    return split, port


def _host_name(split: SplitResult) -> str:
    name = split.hostname or ""
    try:
        ascii_name = name if ":" in name else name.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise BadRequestError("The address has no valid host.", hint=_HINT) from error
    if not re.fullmatch(r"[a-z0-9_.:-]+", ascii_name):
        raise BadRequestError("The address has no valid host.", hint=_HINT)
    return ascii_name


def _is_loopback(name: str) -> bool:
    import ipaddress  # not for the window's start

    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
