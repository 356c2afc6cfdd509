"""Addresses are understood as they are typed, and what is none is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.backends import backend_for
from engine.errors import BadRequestError
from engine.server_address import is_address, parse_address
from engine.types import ModelSpec


@pytest.mark.parametrize(
    ("typed", "root", "version", "host"),
    [
        ("http://gpu:8000", "http://gpu:8000", "/v1", "gpu:8000"),
        ("gpu:8000/v1/", "http://gpu:8000", "/v1", "gpu:8000"),
        (" https://Gpu.Example.org:443/v1 ", "https://gpu.example.org", "/v1", "gpu.example.org"),
        ("http://a/v1/chat/completions", "http://a", "/v1", "a"),
        ("http://a/api/v3", "http://a/api", "/v3", "a"),
        ("https://a/v1beta/openai/", "https://a", "/v1beta/openai", "a"),
        ("http://[::1]:8080", "http://[::1]:8080", "/v1", "[::1]:8080"),
        ("http://пример.рф", "http://xn--e1afmkfd.xn--p1ai", "/v1", "xn--e1afmkfd.xn--p1ai"),
    ],
)
def test_an_address_is_understood_as_it_is_typed(
    typed: str, root: str, version: str, host: str
) -> None:
    address = parse_address(typed)
    assert (address.base, address.root, address.host) == (root + version, root, host)
    assert parse_address(address.base) == address
    assert address.base.startswith(address.origin)


@pytest.mark.parametrize(
    "typed",
    [
        *("", "   ", "ftp://a", "file:///etc/passwd", "http://", "http://a b", "http://a:port"),
        *("http://a:99999", "http://a?x=1", "http://a#b", "http://a\nb", "/models/x", "x" * 3000),
    ],
)
def test_what_is_no_address_is_refused_with_a_hint(typed: str) -> None:
    with pytest.raises(BadRequestError) as caught:
        parse_address(typed)
    assert caught.value.hint


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(BadRequestError) as caught:
        parse_address("http://ada:sesame@gpu:8000")
    assert "sesame" not in caught.value.info().one_line()


@pytest.mark.parametrize(
    ("typed", "here"),
    [
        *(("http://localhost:1", True), ("http://127.0.0.9", True), ("http://[::1]", True)),
        *(("http://192.168.0.7", False), ("http://localhost.example.org", False)),
    ],
)
def test_what_runs_on_this_computer_is_known(typed: str, here: bool) -> None:
    assert parse_address(typed).is_this_computer is here


def test_an_address_goes_to_the_servers_backend_whatever_else_is_asked() -> None:
    assert backend_for(ModelSpec(path="https://gpu/v1", backend="llama_cpp")) == "openai"
    assert backend_for(ModelSpec(path="/models/http.gguf")) != "openai"
    assert not is_address(None)


@given(st.text(max_size=40))
def test_nothing_that_is_typed_breaks_it(text: str) -> None:
    for typed in (text, f"http://{text}"):
        try:
            address = parse_address(typed)
        except BadRequestError:
            continue
        assert parse_address(address.base) == address
