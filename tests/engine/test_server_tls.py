"""Over https nothing is sent before the server's certificate was found good."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import server_keys
from engine.errors import ServerError
from engine.server_address import parse_address
from tests.engine.asking import ask, load, text
from tests.engine.rude_server import RudeServer

x509 = pytest.importorskip("cryptography.x509")

KEY = "sk-amber-otter-5512"


def certificate(folder: Path, host: str) -> Path:
    """A file with a fresh key and a certificate for `host`, signed by itself."""
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Carrel's tests")])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), False
        )
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{host}.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture(params=["127.0.0.1"])
def secure(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[RudeServer, Path]]:
    path = certificate(tmp_path, request.param)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    with RudeServer(context) as server:
        yield server, path


def test_a_certificate_that_is_not_trusted_ends_it_before_anything_is_sent(
    secure: tuple[RudeServer, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, _ = secure
    origin = parse_address(server.address).origin
    monkeypatch.setattr(server_keys, "_this_session", {origin: KEY})
    with pytest.raises(ServerError) as caught:
        load(server)
    assert "is not to be trusted: nothing was sent" in caught.value.message
    assert server.seen == []


@pytest.mark.parametrize("secure", ["192.0.2.7"], indirect=True)
def test_a_trusted_certificate_of_another_host_is_refused_as_well(
    secure: tuple[RudeServer, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, path = secure
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with pytest.raises(ServerError) as caught:
        load(server)
    assert "is not to be trusted" in caught.value.message
    assert server.seen == []


def test_a_trusted_certificate_opens_the_way(
    secure: tuple[RudeServer, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, path = secure
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    model = load(server)
    assert text(ask(model)[0]) == "Well said."
    model.close()


def test_https_to_a_server_that_speaks_http_is_told(rude: RudeServer) -> None:
    rude._scheme = "https"
    with pytest.raises(ServerError) as caught:
        load(rude)
    assert "speaks http, not https" in caught.value.hint
