"""The command line's part in model servers: which model is asked, where text goes, and keys.

A key comes from the keyring (`carrel server-key ADDRESS`), or for one run from CARREL_SERVER_KEY,
which the worker never has in its environment.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from engine.call import Caller, engine_caller
from engine.errors import ServerKeyError
from engine.paths import settings_file
from engine.protocol import KeepServerKey, new_request_id
from engine.server_address import is_address, parse_address
from engine.settings import load_settings
from engine.types import ModelSpec

KEY_VARIABLE = "CARREL_SERVER_KEY"
REMOTE_JOBS = 8  # requests in flight at a server, if the user does not say


def model_spec(arguments: argparse.Namespace) -> ModelSpec:
    """The settings' model, or the one that the command line names."""
    spec = load_settings(settings_file())[0].model_spec()
    if arguments.model is not None:
        path = None
        if is_address(arguments.model):
            path = parse_address(arguments.model).base
        elif arguments.model != "embedded":
            path = str(Path(arguments.model).absolute())
        spec = msgspec.structs.replace(spec, path=path, remote_model="")
    if arguments.remote_model is not None:
        spec = msgspec.structs.replace(spec, remote_model=arguments.remote_model)
    return spec


def jobs(arguments: argparse.Namespace, spec: ModelSpec) -> int:
    """How many files are worked on at once."""
    return arguments.jobs or (REMOTE_JOBS if is_address(spec.path) else 1)


@contextmanager
def model_caller(arguments: argparse.Namespace) -> Iterator[tuple[Caller, ModelSpec]]:
    """A worker and the model to ask it for; says where text goes if it leaves this computer."""
    spec = model_spec(arguments)
    with engine_caller(arguments.backend) as caller:
        if is_address(spec.path):
            address = parse_address(spec.path or "")
            if not arguments.quiet:
                print(f"carrel: text is sent to {address.host}", file=sys.stderr)
            if key := os.environ.get(KEY_VARIABLE, ""):
                keep = KeepServerKey(new_request_id(), address.base, key, in_memory=True)
                caller.call(keep, lambda event: None)
        yield caller, spec


def server_key(arguments: argparse.Namespace) -> int:
    """Store a server's key in the keyring, or forget it. The key is never shown nor an argument."""
    from engine.server_keys import KeptWhere, forget_key, keep_key

    address = parse_address(arguments.address)
    if arguments.forget:
        had = forget_key(address.origin)
        print(f"The key for {address.host} was removed." if had else "No key was kept for it.")
        return 0
    prompt = f"Key for {address.host}: "
    key = getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline()
    if keep_key(address.origin, key) is not KeptWhere.KEYRING:
        raise ServerKeyError(
            "This computer has no keyring that can keep the key, and it is kept nowhere else.",
            hint=f"Set {KEY_VARIABLE} for a command, or enter the key in the window each time.",
        )
    print(f"The key for {address.host} is in the system's keyring.")
    return 0
