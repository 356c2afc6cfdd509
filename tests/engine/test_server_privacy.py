"""Text and key go to the one server that was entered, and to nobody else; the key is never shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import psutil
import pytest

from engine import server_keys
from engine.backends.remote.language_model import RemoteLanguageModel
from engine.client import EngineClient
from engine.contracts import AbortFlag
from engine.protocol import (
    Event,
    KeepServerKey,
    LoadModel,
    LookAtServer,
    RequestFailed,
    WorkerReady,
    new_request_id,
)
from engine.server_address import parse_address
from engine.types import ModelSpec
from tests.engine.asking import HELLO, ask, failed, load
from tests.engine.recorder import Recorder, chat, run_tool
from tests.engine.rude_server import MODEL, RudeServer, Talk

KEY = "sk-amber-otter-5512"
PARTS = (KEY, KEY[:9], KEY[-9:])


def leak(text: object) -> bool:
    """Does `text` hold the key or a good part of it?"""
    return any(part in str(text) for part in PARTS)


@pytest.fixture
def keyed(rude: RudeServer, monkeypatch: pytest.MonkeyPatch) -> RudeServer:
    """A server for which a key is kept."""
    origin = parse_address(rude.address).origin
    monkeypatch.setattr(server_keys, "_this_session", {origin: KEY})
    return rude


def test_the_key_goes_to_its_server_in_one_header_only(
    keyed: RudeServer, remote: RemoteLanguageModel
) -> None:
    ask(remote)
    keyed.answers = [
        lambda talk: talk.status(200, {"choices": [{"message": {"content": "no"}}]})
    ] * 2
    assert remote.choose(HELLO, ["yes", "no"], AbortFlag())[0] == [0.0, 1.0]
    assert len(keyed.seen) >= 3
    for seen in keyed.seen:
        assert seen.headers["authorization"] == f"Bearer {KEY}"
        assert not leak(seen.everything())


def test_a_server_without_a_key_of_its_own_gets_none(keyed: RudeServer) -> None:
    with RudeServer() as other:
        model = load(other)
        ask(model)
        model.close()
        assert not any("authorization" in map(str.lower, seen.headers) for seen in other.seen)


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(
    keyed: RudeServer, remote: RemoteLanguageModel, code: int
) -> None:
    with RudeServer() as other:
        place = f"http://ada:{KEY}@{other.host}/v1/chat/completions"
        keyed.answers = [lambda talk: talk.status(code, Location=place)]
        error, _ = failed(remote)
        assert f"pass the request on to http://{other.host}" in error.message
        assert "Nothing was sent there" in error.message
        assert not leak(error.info())
        assert other.seen == []


@pytest.mark.parametrize("code", [400, 401, 403, 404, 418, 429, 500])
def test_a_server_that_repeats_the_key_is_not_quoted(
    keyed: RudeServer, remote: RemoteLanguageModel, code: int
) -> None:
    for said in (f"Bearer {KEY} is wrong", f"key {KEY[:9]}***{KEY[-9:]}", KEY):
        keyed.answers = [
            lambda talk, said=said: talk.status(  # type: ignore[misc]
                code, {"error": {"message": said, "code": said}}, Retry_After="9999"
            )
        ] * 2
        error, _ = failed(remote)
        assert not leak(error.info())
        assert not leak(error.__cause__)


def test_a_short_word_as_key_does_not_silence_the_server(
    rude: RudeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    origin = parse_address(rude.address).origin
    monkeypatch.setattr(server_keys, "_this_session", {origin: "a"})
    model = load(rude)
    rude.answers = [lambda talk: talk.status(500, {"error": {"message": "CUDA ran full"}})]
    error, _ = failed(model)
    model.close()
    assert "CUDA ran full" in error.message


def test_cookies_are_not_kept(rude: RudeServer, remote: RemoteLanguageModel) -> None:
    def bake(talk: Talk) -> None:
        talk.status(400, b"", Set_Cookie="you=17; Path=/")

    rude.answers = [bake]
    ask(remote)
    assert not any("cookie" in name.lower() for seen in rude.seen for name in seen.headers)


def test_proxies_of_the_environment_are_not_used(
    rude: RudeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with RudeServer() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://{proxy.host}")
        model = load(rude)
        ask(model)
        model.close()
        assert proxy.seen == []


@pytest.fixture
def worker(carrel_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
    recorder = Recorder(EngineClient())
    recorder.client.start()
    recorder.wait(WorkerReady)
    yield recorder
    recorder.client.close()


@pytest.mark.worker
def test_the_whole_way_through_a_worker_the_key_is_seen_by_its_server_alone(
    rude: RudeServer, worker: Recorder, carrel_home: Path
) -> None:
    spec = ModelSpec(path=rude.address, remote_model=MODEL)
    worker.finish(LookAtServer(new_request_id(), rude.address, KEY))
    kept = worker.finish(KeepServerKey(new_request_id(), rude.address, KEY))
    assert kept.result == {"where": "session"}
    worker.finish(LoadModel(new_request_id(), spec))
    worker.finish(chat("Hello", model=spec))
    rude.answers = [lambda talk: talk.status(500, {"error": {"message": f"no {KEY}"}})]
    worker.fail(chat("Hello", model=spec))
    rude.answers = [lambda talk: talk.drop()]
    worker.fail(chat("Hello", model=spec))
    worker.end(worker.send(run_tool("sentiment", "It is fine. Rather good.", model=spec)))
    worker.fail(KeepServerKey(new_request_id(), rude.address, f"{KEY} {KEY}"))
    rude.models = lambda talk: talk.status(401)
    worker.fail(LookAtServer(new_request_id(), rude.address))
    worker.client.close()
    assert len([seen for seen in rude.seen if KEY in str(seen.headers)]) == len(rude.seen)
    assert not any(leak(seen.everything()) for seen in rude.seen)
    for event in worker.events:
        assert not leak(plain(event))
    for path in carrel_home.rglob("*"):
        assert path.is_dir() or not leak(path.read_bytes())


@pytest.mark.worker
def test_a_key_is_asked_for_and_can_be_forgotten(rude: RudeServer, worker: Recorder) -> None:
    rude.models = lambda talk: (
        talk.status(200, {"data": [{"id": MODEL}]})
        if talk.seen.headers.get("authorization") == f"Bearer {KEY}"
        else talk.status(401)
    )
    look = worker.fail(LookAtServer(new_request_id(), rude.address))
    assert look.error.code == "SERVER_KEY"
    assert "wants a key" in look.error.message
    worker.finish(KeepServerKey(new_request_id(), rude.address, KEY))
    found = worker.finish(LookAtServer(new_request_id(), rude.address)).result
    assert (found["models"], found["has_key"]) == ([MODEL], True)
    worker.finish(KeepServerKey(new_request_id(), rude.address))
    assert isinstance(
        worker.end(worker.send(LookAtServer(new_request_id(), rude.address))), RequestFailed
    )


@pytest.mark.worker
def test_what_a_keyring_needs_reaches_the_worker_and_no_secret_does(
    worker: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert worker.client.pid is not None
    environment = psutil.Process(worker.client.pid).environ()
    assert environment["DBUS_SESSION_BUS_ADDRESS"] == "unix:path=/nowhere/bus"
    assert not any(name.endswith(("_KEY", "_TOKEN")) for name in environment)


@pytest.mark.worker
def test_without_an_address_a_worker_has_no_connection(worker: Recorder) -> None:
    worker.end(worker.send(LoadModel(new_request_id(), ModelSpec(path="/nowhere.gguf"))))
    assert worker.client.pid is not None
    assert psutil.Process(worker.client.pid).net_connections() == []


def plain(event: Event) -> str:
    return str(msgspec.to_builtins(event))
