"""A pytest plugin that writes every test and its outcome as JSON lines into the file that TREADLE_OUTCOMES names."""

import json
import os


def _tell(**fields):
    with open(os.environ["TREADLE_OUTCOMES"], "a", encoding="utf-8") as file:
        file.write(json.dumps(fields) + "\n")


def pytest_collection_finish(session):
    """Writes the name of every test, before the first one runs."""
    for item in session.items:
        _tell(id=item.nodeid)


def pytest_runtest_logreport(report):
    """Writes the outcome of a test's body, and of its setup and teardown only if they did not pass."""
    if report.when == "call" or report.outcome != "passed":
        printed = [f"{title}:\n{text}" for title, text in report.sections]
        _tell(id=report.nodeid, outcome=report.outcome, text="\n".join([report.longreprtext, *printed]))
