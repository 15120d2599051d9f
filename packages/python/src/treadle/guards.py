"""Checks texts under guard policies of a server, for programs that do not call its gateway."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional, Sequence

from treadle.client import Client


@dataclass(frozen=True)
class GuardResult:
    """What a check found. Findings have places and kinds, and never values."""

    action: str
    """The strongest action of all findings; `allow` without any."""
    text: Optional[str]
    """The text with what was masked or redacted replaced. None if it is blocked."""
    findings: Sequence[dict]
    not_scanned: Optional[str]
    """Why the text was not scanned; None if it was."""


class Blocked(Exception):
    """A text that a policy blocks."""

    def __init__(self, result: GuardResult):
        kinds = ", ".join(dict.fromkeys(finding["kind"] for finding in result.findings))
        why = f"it was not scanned ({result.not_scanned})" if result.not_scanned else kinds
        super().__init__(f"The text is blocked: {why}.")
        self.findings = result.findings


class Guard:
    """A stored policy (`policy_id`) or rules. Every check raises `ApiError` if the server cannot check."""

    def __init__(self, client: Client, policy_id: Optional[str] = None, rules: Optional[Sequence[dict]] = None):
        if (policy_id is None) == (rules is None):
            raise ValueError("Give either `policy_id` for a stored policy, or `rules`.")
        self._client = client
        self._policy: dict[str, Any] = {"rules": list(rules)} if rules is not None else {"policyId": policy_id}

    def check(self, text: str, trust: str = "user") -> GuardResult:
        """Returns the verdict on a text. `trust` says where it comes from, such as `user`, `retrieved` or `output`."""
        verdict = self._client.call("POST", "/api/v1/guards/check", {"text": text, "trust": trust, **self._policy})
        checked = verdict["texts"][0] if verdict["texts"] else {}
        changed = checked.get("text")
        return GuardResult(
            action=verdict["action"],
            text=None if verdict["action"] == "block" else (text if changed is None else changed),
            findings=checked.get("findings", []),
            not_scanned=checked.get("notScanned"),
        )

    def protect(self, text: str, trust: str = "user") -> str:
        """Returns the text as it may be used. Raises `Blocked` if the policy blocks it."""
        result = self.check(text, trust)
        if result.text is None:
            raise Blocked(result)
        return result.text
