"""The place of a run in the history of a program."""

from __future__ import annotations

import os
import subprocess
from typing import Mapping, Optional


def find_source(env: Mapping[str, str] = os.environ) -> dict:
    """From the variables of GitHub Actions and GitLab CI, otherwise from the local git repository."""
    return {
        "branch": _first(env, "GITHUB_HEAD_REF", "GITHUB_REF_NAME", "CI_COMMIT_REF_NAME")
        or _git("branch", "--show-current"),
        "commit": _first(env, "GITHUB_SHA", "CI_COMMIT_SHA") or _git("rev-parse", "HEAD"),
        "url": _build_url(env),
    }


def _first(env: Mapping[str, str], *names: str) -> Optional[str]:
    return next((env[name] for name in names if env.get(name)), None)


def _build_url(env: Mapping[str, str]) -> Optional[str]:
    server, repository, run = (env.get(f"GITHUB_{name}") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID"))
    if server and repository and run:
        return f"{server}/{repository}/actions/runs/{run}"
    return env.get("CI_JOB_URL") or None


def _git(*args: str) -> Optional[str]:
    """None outside a repository, and without git."""
    try:
        result = subprocess.run(["git", *args], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return result.stdout.strip() or None
