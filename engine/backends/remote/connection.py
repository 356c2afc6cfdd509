"""One server over HTTP: many requests at once, each of which can be stopped at any moment.

All of them live on one event loop in one thread, with one pool of connections; callers on other
threads wait for them, looking at their abort flag. Stopping a request closes its connection, which
tells the server to stop as well. Redirects are not followed, cookies not kept, proxies not used:
text and key reach the one origin that was entered, or nobody.
"""

from __future__ import annotations

import asyncio
import queue
import ssl
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import Future, wait
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import httpx2

from engine import __version__
from engine.backends.remote.events import EventReader, decoded, garbage, json_object
from engine.backends.remote.failures import broken_off, network_error, redirect_error, status_error
from engine.backends.remote.waiting import RETRIED, TRIES, pause_before_retry, socket_options
from engine.contracts import AbortFlag
from engine.errors import AbortedError, EngineError, ServerError
from engine.server_address import ServerAddress

T = TypeVar("T")
LOOK_SECONDS = 0.01  # who waits looks that often whether to stop
CONNECT_SECONDS = 10.0
SILENCE_SECONDS = 600.0  # a slow computer may read a long prompt for minutes
LARGEST_BODY = 20_000_000  # bytes
MOST_CONNECTIONS = 128
AHEAD = 1000  # events that are read before anybody has asked for them
# Servers close idle connections, uvicorn after five seconds: one that is about to is not used.
IDLE_SECONDS = 2.0


class Connection:
    """Thread-safe. `read_key` is asked before every request, so that a new key counts at once."""

    def __init__(self, address: ServerAddress, read_key: Callable[[], str]) -> None:
        self.address = address
        self._read_key = read_key
        self._started: Future[asyncio.AbstractEventLoop] = Future()
        self._thread = threading.Thread(target=self._serve, name="carrel-server")
        self._thread.start()
        self._loop = self._started.result()

    def get(
        self, path: str, abort: AbortFlag, *, root: bool = False, seconds: float = SILENCE_SECONDS
    ) -> dict[str, Any]:
        """The JSON object at `path`, which is added to the address's base, or to its root."""
        return self._wait_for(self._ask("GET", self._url(path, root), None, seconds), abort)

    def post(
        self,
        path: str,
        body: dict[str, Any],
        abort: AbortFlag,
        *,
        root: bool = False,
        seconds: float = SILENCE_SECONDS,
    ) -> dict[str, Any]:
        return self._wait_for(self._ask("POST", self._url(path, root), body, seconds), abort)

    def stream(self, path: str, body: dict[str, Any], abort: AbortFlag) -> Iterator[dict[str, Any]]:
        """The events of a streamed answer. `AbortedError` when stopped; closing it stops as well."""
        arrived: queue.SimpleQueue[dict[str, Any] | Exception | None] = queue.SimpleQueue()
        pump = asyncio.run_coroutine_threadsafe(self._pump(path, body, arrived), self._loop)
        try:
            while True:
                abort.raise_if_set()
                try:
                    item = arrived.get(timeout=LOOK_SECONDS)
                except queue.Empty:
                    continue
                if item is None:
                    return
                if isinstance(item, Exception):
                    raise item
                yield item
        finally:
            pump.cancel()

    def close(self) -> None:
        """End the thread; whatever is still under way is cut off."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    # On the loop's thread

    def _serve(self) -> None:
        loop = asyncio.new_event_loop()
        try:
            loop.run_until_complete(self._main())
            loop.run_until_complete(loop.shutdown_asyncgens())
        except Exception as error:
            if self._started.done():
                raise
            self._started.set_exception(error)
        finally:
            # Unlike asyncio.Runner this does not wait for a name that is being looked up.
            loop.close()

    async def _main(self) -> None:
        self._stop = asyncio.Event()
        secure = self.address.is_encrypted()
        # Without https nothing is ever verified, and loading the certificates would take its time.
        trust = httpx2.create_ssl_context() if secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        transport = httpx2.AsyncHTTPTransport(
            verify=trust,
            trust_env=False,
            limits=httpx2.Limits(
                max_connections=MOST_CONNECTIONS,
                max_keepalive_connections=MOST_CONNECTIONS,
                keepalive_expiry=IDLE_SECONDS,
            ),
            socket_options=socket_options(),
        )
        async with httpx2.AsyncClient(
            transport=transport, trust_env=False, follow_redirects=False
        ) as self._client:
            self._started.set_result(asyncio.get_running_loop())
            await self._stop.wait()
            rest = asyncio.all_tasks() - {asyncio.current_task()}
            for task in rest:
                task.cancel()
            await asyncio.gather(*rest, return_exceptions=True)

    def _wait_for(self, work: Coroutine[Any, Any, T], abort: AbortFlag) -> T:
        if abort.is_set():
            work.close()  # nothing is sent: a quick answer would come before the next look
            raise AbortedError
        task = asyncio.run_coroutine_threadsafe(work, self._loop)
        while not wait([task], LOOK_SECONDS).done:
            if abort.is_set():
                task.cancel()
                raise AbortedError
        return task.result()

    def _url(self, path: str, root: bool = False) -> str:
        return (self.address.root if root else self.address.base) + path

    async def _ask(
        self, method: str, url: str, body: dict[str, Any] | None, seconds: float
    ) -> dict[str, Any]:
        try:
            async with self._answer(method, url, body, seconds) as response:
                data = await self._body(response)
        except httpx2.HTTPError as error:
            raise network_error(error, self.address) from None
        return json_object(decoded(data, self.address.host), self.address.host)

    async def _pump(
        self,
        path: str,
        body: dict[str, Any],
        arrived: queue.SimpleQueue[dict[str, Any] | Exception | None],
    ) -> None:
        """Put the events into `arrived`; then None, or what went wrong."""
        end: Exception | None = None
        has_begun = False
        try:
            async with self._answer("POST", self._url(path), body, SILENCE_SECONDS) as response:
                kind = response.headers.get("content-type", "nothing")
                if not kind.startswith("text/event-stream"):
                    raise garbage(self.address.host, f"{kind[:60]} where its answer should stream")
                reader = EventReader(self.address.host)
                async for data in response.aiter_raw():
                    for event in reader.feed(data):
                        has_begun = True
                        arrived.put(event)
                    if reader.is_over:
                        break
                    while arrived.qsize() > AHEAD:
                        await asyncio.sleep(LOOK_SECONDS)
                for event in reader.finish():
                    arrived.put(event)
        except httpx2.TimeoutException as error:
            end = network_error(error, self.address)
        except httpx2.HTTPError as error:
            end = broken_off(self.address) if has_begun else network_error(error, self.address)
        except Exception as error:
            end = error
        arrived.put(end)

    @asynccontextmanager
    async def _answer(
        self, method: str, url: str, body: dict[str, Any] | None, seconds: float
    ) -> AsyncIterator[httpx2.Response]:
        """The open answer to a request that went well, after a few tries if the server is busy."""
        timeout = httpx2.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds), pool=None)
        for attempt in range(TRIES):
            response = await self._send(method, url, body, timeout)
            try:
                if response.is_success:
                    if response.headers.get("content-encoding", "identity") != "identity":
                        raise garbage(self.address.host, "a packed answer, which was not asked for")
                    yield response
                    return
                pause = None
                if response.status_code in RETRIED and attempt < TRIES - 1:
                    pause = pause_before_retry(response.headers.get("retry-after", ""), attempt)
                if pause is None:
                    raise await self._refusal(response)
            finally:
                await response.aclose()
            await asyncio.sleep(pause)

    async def _send(
        self, method: str, url: str, body: dict[str, Any] | None, timeout: httpx2.Timeout
    ) -> httpx2.Response:
        """Send, once more if a connection that was kept had been closed by the server meanwhile."""
        while True:
            is_new = False

            async def watch(event: str, _: Any) -> None:
                nonlocal is_new
                is_new |= event == "connection.connect_tcp.started"

            self._client.cookies.clear()
            request = self._client.build_request(
                method,
                url,
                json=body,
                headers=self._headers(),
                timeout=timeout,
                extensions={"trace": watch},
            )
            try:
                return await self._client.send(request, stream=True)
            except (httpx2.RemoteProtocolError, httpx2.ReadError, httpx2.WriteError):
                if is_new:
                    raise

    async def _refusal(self, response: httpx2.Response) -> EngineError:
        if response.is_redirect or response.has_redirect_location:
            return redirect_error(response.headers.get("location", ""), self.address)
        try:
            body = await self._body(response)
        except (httpx2.HTTPError, ServerError):
            body = b""
        return status_error(response.status_code, body, self.address, self._read_key())

    async def _body(self, response: httpx2.Response) -> bytes:
        data = bytearray()
        async for piece in response.aiter_raw():
            data += piece
            if len(data) > LARGEST_BODY:
                raise garbage(self.address.host, "an answer without an end")
        return bytes(data)

    def _headers(self) -> dict[str, str]:
        headers = {
            "accept-encoding": "identity",  # what is packed may be endless once it is unpacked
            "user-agent": f"carrel/{__version__}",
        }
        key = self._read_key()
        return headers | ({"authorization": f"Bearer {key}"} if key else {})
