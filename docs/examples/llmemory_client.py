"""A client of `llmemory serve` for web applications, with the standard library alone.

One Client serves a whole process, from any thread. Its calls block: an asynchronous application
runs them in a thread. Copy this file beside your application; the ones here have a link to it.
"""

from __future__ import annotations

import http.client
import json
import logging
import os
import queue
import re
import urllib.parse
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# The endpoint takes bodies of 32 MiB; this leaves room for the form around a file.
MAX_UPLOAD_BYTES = 31 * 1024 * 1024

_OWNER = re.compile(r"[A-Za-z0-9_.@-]{1,255}")
# Answers about what the user sent. All others are the application's or the service's own trouble.
_USERS_MATTER = {400, 404, 409, 413, 415, 422}

_log = logging.getLogger(__name__)


class Problem(Exception):
    """A refusal in words that the user of the application may read; RFC 9457 names its members."""

    def __init__(self, status: int, code: str, detail: str, field: str | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.field = field

    def as_dict(self) -> dict[str, Any]:
        members = {
            "title": http.client.responses[self.status],
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
        }
        return members | ({"field": self.field} if self.field else {})

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": "5"} if self.status == 503 else {}


def unavailable() -> Problem:
    return Problem(
        503, "unavailable", "The documents cannot be reached at the moment. Try again later."
    )


def checked_owner(name: str | None) -> str:
    """The owner that an authenticated user's name stands for. Raises Problem."""
    if not name:
        raise Problem(401, "unauthorized", "Sign in first.")
    if not _OWNER.fullmatch(name):
        raise Problem(400, "validation", "This is not the name of a user.", "owner_id")
    return name


def whole_number(values: Mapping[str, str], name: str, default: int) -> int:
    """A parameter of a query; its range is checked by the endpoint. Raises Problem."""
    try:
        return int(values.get(name, default))
    except ValueError:
        raise Problem(400, "validation", f"{name} must be a whole number.", name) from None


class Client:
    """Speaks to the endpoint at `url`. Every call raises Problem where it cannot be done."""

    def __init__(
        self, url: str, token: str, *, connections: int = 8, timeout: float = 30.0
    ) -> None:
        address = urllib.parse.urlsplit(url)
        https = address.scheme == "https"
        kind = http.client.HTTPSConnection if https else http.client.HTTPConnection
        self._url = url
        self._token = token
        self._timeout = timeout
        # They connect when they are first used. The endpoint works on as many at once: others wait.
        self._idle: queue.LifoQueue[http.client.HTTPConnection] = queue.LifoQueue()
        for _ in range(connections):
            self._idle.put(kind(address.hostname or "", address.port, timeout=timeout))

    @classmethod
    def from_environment(cls) -> Client:
        """LLMEMORY_URL and LLMEMORY_TOKEN_FILE; by default those of a plain `llmemory serve`."""
        data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share"
        token_file = os.environ.get("LLMEMORY_TOKEN_FILE") or Path(data) / "llmemory/token"
        url = os.environ.get("LLMEMORY_URL", "http://127.0.0.1:8765")
        client = cls(url, Path(token_file).read_text(encoding="ascii").strip())
        if not client.is_alive():
            _log.warning(
                "%s does not answer yet; until it does, requests are answered with 503.", url
            )
        return client

    def close(self) -> None:
        """Ends the connections; call it when no request is running any more."""
        while not self._idle.empty():
            self._idle.get_nowait().close()
        _log.info("Closed the connections to %s.", self._url)

    def is_alive(self) -> bool:
        try:
            return bool(self._send("GET", "/healthz")["status"] == "ok")
        except Problem:
            return False

    def upload(
        self, owner: str, file_name: str, content: bytes, id_at_origin: str | None = None
    ) -> dict[str, Any]:
        """Adds a file, or replaces the one with the same id. The id tells an owner's documents
        apart, so it is the file's name unless one is given. A constant here would make each upload
        replace the one before."""
        if len(content) > MAX_UPLOAD_BYTES:
            most = MAX_UPLOAD_BYTES // 1024**2
            raise Problem(413, "body_too_large", f"A file may have at most {most} MiB.", "file")
        fields = {"owner_id": owner, "id_at_origin": id_at_origin or file_name}
        content_type, body = _form(fields, file_name, content)
        return self._send("POST", "/v1/documents", body=body, content_type=content_type)

    def search(self, owner: str, query: str, **options: Any) -> dict[str, Any]:
        """`options` are the further fields of `POST /v1/search`: limit, metadata_filter, …"""
        body = json.dumps({"owner_id": owner, "query": query} | options).encode()
        return self._send("POST", "/v1/search", body=body, content_type="application/json")

    def documents(self, owner: str, **options: Any) -> dict[str, Any]:
        """`options` are the further parameters of `GET /v1/documents`: limit, offset, …"""
        return self._send("GET", "/v1/documents", {"owner_id": owner} | options)

    def document(self, owner: str, document_id: str) -> dict[str, Any]:
        return self._send("GET", _path(document_id), {"owner_id": owner})

    def content(self, owner: str, document_id: str) -> dict[str, Any]:
        return self._send("GET", _path(document_id) + "/content", {"owner_id": owner})

    def delete(self, owner: str, document_id: str) -> None:
        self._send("DELETE", _path(document_id), {"owner_id": owner})

    def _send(
        self,
        method: str,
        path: str,
        query: dict[str, Any] | None = None,
        *,
        body: bytes | None = None,
        content_type: str | None = None,
    ) -> dict[str, Any]:
        target = path + ("?" + urllib.parse.urlencode(query) if query else "")
        headers = {"Authorization": "Bearer " + self._token}
        if content_type:
            headers["Content-Type"] = content_type
        try:
            connection = self._idle.get(timeout=self._timeout)
            try:
                status, answer = _exchange(connection, method, target, body, headers)
            finally:
                self._idle.put(connection)
            members: dict[str, Any] = json.loads(answer)
        except (OSError, http.client.HTTPException, queue.Empty, ValueError) as error:
            _log.error("%s %s: %s", method, path, error or type(error).__name__)
            raise unavailable() from error
        if status < 400:
            return members
        if status in _USERS_MATTER:
            raise Problem(
                status, members.get("code", ""), members.get("detail", ""), members.get("field")
            )
        _log.error("%s %s: %d %s", method, path, status, members.get("detail"))
        raise unavailable()


def _exchange(
    connection: http.client.HTTPConnection,
    method: str,
    target: str,
    body: bytes | None,
    headers: dict[str, str],
) -> tuple[int, bytes]:
    while True:
        is_kept = connection.sock is not None
        try:
            connection.request(method, target, body, headers)
            response = connection.getresponse()
            return response.status, response.read()
        except Exception as error:
            connection.close()
            # The endpoint ends connections that rest. Asking once more on a new one is safe: adding
            # the same document twice is adding it once.
            if not (is_kept and isinstance(error, ConnectionError)):
                raise


def _path(document_id: str) -> str:
    return "/v1/documents/" + urllib.parse.quote(document_id, safe="")


def _form(fields: dict[str, str], file_name: str, content: bytes) -> tuple[str, bytes]:
    """Content type and body of a form with a file."""
    boundary = uuid.uuid4().hex
    # It only tells what kind of file this is, so odd characters are of no use.
    plain_name = re.sub(r'[\x00-\x1f"\\\x7f]', "_", file_name)
    parts = [(f'name="{name}"', value.encode()) for name, value in fields.items()]
    parts.append((f'name="file"; filename="{plain_name}"', content))
    body = b"".join(
        f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n".encode()
        + data
        + b"\r\n"
        for disposition, data in parts
    )
    return f"multipart/form-data; boundary={boundary}", body + f"--{boundary}--\r\n".encode()
