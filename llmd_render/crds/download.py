"""One file from the network: all of it, and within bounds, or an error that says what to do."""

from __future__ import annotations

import ipaddress
import ssl
import time
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from llmd_render.diagnostics import Diagnostic, InputError, Location

if TYPE_CHECKING:
    from http.client import HTTPResponse

LIMIT_BYTES = 64_000_000
_MOST_REDIRECTS = 5
_PATIENCE = 20
"""How many times as long as one answer a whole download may take."""
_CHUNK = 65_536
_GONE = (404, 410)
_REDIRECTS = (301, 302, 303, 307, 308)
_SERVER_ERROR = 500
_AGAIN = "nothing was stored; try again"
_CLUSTER = "or give --crds what `kubectl get crd -o yaml` prints"


def download(url: str, *, timeout: float = 30.0, limit: int = LIMIT_BYTES) -> bytes:
    """Download one file over https, or over http from this machine.

    `timeout` is how many seconds the server may keep silent. Raises InputError.
    """
    where = url
    deadline = time.monotonic() + _PATIENCE * timeout
    try:
        for _ in range(_MOST_REDIRECTS + 1):
            _refuse_insecure(where, url)
            try:
                with _open(where, timeout) as response:
                    return _read(response, url, limit, deadline)
            except HTTPError as error:
                with error:
                    where = _follow(error, where, url)
    except (OSError, HTTPException, ValueError) as error:
        raise _explain(error, url, timeout) from error
    message = f"the server redirects more than {_MOST_REDIRECTS} times, at last to {where}"
    raise _problem(url, message, "crd-download-redirected", f"{_AGAIN} later, {_CLUSTER}")


class _KeepRedirects(HTTPRedirectHandler):
    """Leaves redirects to us: the one of the library reads their bodies to any length."""

    def redirect_request(self, *_args: Any, **_options: Any) -> None:
        return None


def _open(url: str, timeout: float) -> HTTPResponse:
    # A proxy cannot reach this machine's own loopback address.
    proxies = ProxyHandler({}) if _is_loopback(url) else ProxyHandler()
    request = Request(url, headers={"User-Agent": "llmd-render"})  # noqa: S310 - the scheme is checked
    response: HTTPResponse = build_opener(proxies, _KeepRedirects).open(request, timeout=timeout)
    return response


def _refuse_insecure(where: str, url: str) -> None:
    scheme = urlsplit(where).scheme
    # From elsewhere nobody has a reason to lead to a service of this machine.
    if scheme == "https" or (scheme == "http" and _is_loopback(where) and _is_loopback(url)):
        return
    found = "the address is not https" if where == url else f"the server redirects to {where}"
    message = f"{found}; only https is followed"
    raise _problem(
        url, message, "crd-download-insecure", "nothing was stored; use an https address"
    )


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _follow(error: HTTPError, where: str, url: str) -> str:
    """Say where a redirect leads; any other answer than a file is an error."""
    target = error.headers.get("Location")
    if error.code in _REDIRECTS and target:
        return urljoin(where, target)
    found = f"the server answers {error.code} {error.reason}".rstrip()
    if error.code in _GONE:
        message, hint = f"{found}; the pinned file is not there any more", "update llmd-render"
        raise _problem(url, message, "crd-download-not-found", f"{hint}, {_CLUSTER}")
    hint = f"{_AGAIN} later, {_CLUSTER}"
    if error.code >= _SERVER_ERROR:
        raise _problem(url, f"{found}; expected was a file", "crd-download-server-error", hint)
    raise _problem(url, f"{found}; expected was a file", "crd-download-refused", hint)


def _read(response: HTTPResponse, url: str, limit: int, deadline: float) -> bytes:
    announced = 0 if response.chunked else response.length or 0
    body = bytearray()
    # Not read(): it returns only when the server has sent all that was asked for.
    while max(len(body), announced) <= limit and (chunk := response.read1(_CHUNK)):
        body += chunk
        if time.monotonic() > deadline:
            raise TimeoutError
    if max(len(body), announced) > limit:
        message = f"the file is larger than {limit:,} bytes; no file of CRDs is"
        hint = "nothing was stored; check where the address leads"
        raise _problem(url, message, "crd-download-too-large", hint)
    if len(body) < announced:
        message = f"the download ended after {len(body):,} of {announced:,} bytes"
        raise _problem(url, message, "crd-download-truncated", _AGAIN)
    return bytes(body)


def _explain(error: Exception, url: str, timeout: float) -> InputError:
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, TimeoutError):
        message = f"the server did not send the file in time; it may keep silent for {timeout:g} s"
        return _problem(url, message, "crd-download-timed-out", f"{_AGAIN} later, {_CLUSTER}")
    if isinstance(reason, ssl.SSLError):
        found = getattr(reason, "verify_message", "") or reason.reason or reason
        message = f"no secure connection: {found}; expected was a server with a valid certificate"
        hint = "check the proxy and the certificates of this machine (SSL_CERT_FILE)"
        return _problem(url, message, "crd-download-tls-failed", hint)
    if isinstance(reason, (HTTPException, ConnectionResetError)):
        message = f"the answer breaks off or is not HTTP: {type(reason).__name__}"
        return _problem(url, message, "crd-download-truncated", _AGAIN)
    found = getattr(reason, "strerror", None) or reason
    message = f"cannot connect: {found}"
    hint = f"check the network and HTTPS_PROXY, {_CLUSTER}"
    return _problem(url, message, "crd-download-unreachable", hint)


def _problem(url: str, message: str, code: str, hint: str) -> InputError:
    return InputError(Diagnostic(Location(url), message, code, hint=hint))
