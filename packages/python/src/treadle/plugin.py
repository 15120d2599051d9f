"""The pytest plugin: the fixture `treadle`, the marker `treadle`, properties for JUnit, and a summary at the end."""

from __future__ import annotations

import os
import re
import shlex
from typing import Any, Iterator

import pytest

from treadle.client import Client
from treadle.evaluation import Evaluation, evaluate
from treadle.failures import EvaluationFailed, ProviderErrors
from treadle.report import show_briefly
from treadle.scoring import Score, Scorer, score
from treadle.server import started_server
from treadle.source import find_source

MARKER = "treadle(**options): default arguments of `treadle.evaluate` in this test, such as floor or tags"
EVALUATION = "treadle.evaluation"
NO_SERVER = (
    "There is no server to score on. Set TREADLE_URL and TREADLE_API_KEY, or have one started for the tests: "
    "--treadle-local, with the command if it is not on the path, such as --treadle-local='npx treadle'."
)


class Treadle:
    """Scores for one test. Every evaluation is added to the properties of the test."""

    def __init__(self, client: Client, node: pytest.Item):
        self.client = client
        self._node = node

    def score(self, answer: Any, scorer: Scorer, **options: Any) -> Score:
        """Scores one answer. See `treadle.score`."""
        __tracebackhide__ = True
        return score(self.client, answer, scorer, **options)

    def evaluate(self, **options: Any) -> Evaluation:
        """Runs a program over items. See `treadle.evaluate`. The default name is the name of the test."""
        __tracebackhide__ = True
        marked: dict[str, Any] = {}
        for marker in reversed(list(self._node.iter_markers("treadle"))):
            marked.update(marker.kwargs)
        name = re.sub(r"[^\w ./-]+", " ", self._node.nodeid).strip(" ./-")[:119]
        arguments = {"name": name, "source": find_source(), **marked, **options}
        try:
            evaluation = evaluate(self.client, **arguments)
        except (EvaluationFailed, ProviderErrors) as error:
            if error.evaluation is not None:
                self._note(error.evaluation)
            raise
        self._note(evaluation)
        print(evaluation.text)
        return evaluation

    def _note(self, found: Evaluation) -> None:
        note = self._node.user_properties.append
        note((EVALUATION, show_briefly(found.outcome, found.run)))
        note(("treadle.run", found.run["runId"]))
        note(("treadle.outcome", found.outcome))
        for one in found.run["scores"]:
            if one["value"] is not None:
                note((f"treadle.score.{one['scorer']}", one["value"]))


@pytest.fixture(scope="session")
def treadle_client(request: pytest.FixtureRequest) -> Iterator[Client]:
    """The server in the environment variables, or one that is started for the tests."""
    url, key = os.environ.get("TREADLE_URL"), os.environ.get("TREADLE_API_KEY")
    command = request.config.getoption("treadle_local") or request.config.getini("treadle_local")
    if url and not key:
        pytest.fail("TREADLE_URL is set, but TREADLE_API_KEY is not. Set it to an API key of that server.", pytrace=False)
    if url and key:
        yield Client(url, key)
    elif command:
        with started_server(shlex.split(command), os.environ.get("TREADLE_TEST_DATA")) as client:
            yield client
    else:
        pytest.fail(NO_SERVER, pytrace=False)


@pytest.fixture
def treadle(treadle_client: Client, request: pytest.FixtureRequest) -> Treadle:
    """Scores answers and evaluates programs on a Treadle server."""
    return Treadle(treadle_client, request.node)


def pytest_addoption(parser: pytest.Parser) -> None:
    text = "start a server for these tests with this command (default: `treadle`), unless TREADLE_URL is set"
    parser.getgroup("treadle").addoption("--treadle-local", nargs="?", const="treadle", metavar="COMMAND", help=text)
    parser.addini("treadle_local", text, default="")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", MARKER)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:
    outcome = yield
    if call.excinfo is not None and call.excinfo.errisinstance(ProviderErrors):
        outcome.get_result().is_provider_error = True


def pytest_report_teststatus(report: pytest.TestReport) -> Any:
    """Reports a provider's failure as an error of the test instead of a failed assertion."""
    if report.failed and getattr(report, "is_provider_error", False):
        return "error", "E", "PROVIDER ERRORS"
    return None


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reports = [report for found in terminalreporter.stats.values() for report in found]
    lines = [
        value
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, value in report.user_properties
        if name == EVALUATION
    ]
    if lines:
        terminalreporter.section("treadle evaluations")
        for line in lines:
            terminalreporter.write_line(line)
