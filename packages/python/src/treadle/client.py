"""A client of the HTTP API with JSON requests and responses."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Optional


class ApiError(Exception):
    """A failed call. `code` is the server's error code, or `network` (status 0) if there was no response."""

    def __init__(self, status: int, code: str, message: str):
        super().__init__(message)
        self.status = status
        self.code = code


class Client:
    """A server and an API key. `timeout` is per call, in seconds."""

    def __init__(self, url: str, api_key: str, timeout: float = 120):
        if not url.startswith(("http://", "https://")):
            raise ValueError(f'"{url}" is not a server address. Use one such as http://127.0.0.1:4747.')
        self.url = url.rstrip("/")
        self._headers = {"authorization": f"Bearer {api_key}", "content-type": "application/json"}
        self._timeout = timeout

    def call(self, method: str, path: str, body: Optional[Any] = None, query: Optional[dict] = None) -> Any:
        """Calls an endpoint and returns its JSON response. Raises `ApiError`."""
        parameters = {name: value for name, value in (query or {}).items() if value is not None}
        url = f"{self.url}{path}{'?' + urllib.parse.urlencode(parameters) if parameters else ''}"
        sent = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data=sent, headers=self._headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as response:
                return json.loads(response.read())
        except urllib.error.HTTPError as error:
            raise _failure_of(error) from None
        except (urllib.error.URLError, OSError) as error:
            raise ApiError(0, "network", f"No answer from {self.url}. Is the server running? ({error})") from error


def _failure_of(error: urllib.error.HTTPError) -> ApiError:
    try:
        details = json.loads(error.read())["error"]
        return ApiError(error.code, str(details.get("code", "internal")), str(details["message"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return ApiError(error.code, "internal", f"The server answered {error.code} {error.reason}.")
