"""A plugin of pytest that tells which tests there are and what became of each, as JSON lines in the file that TREADLE_OUTCOMES names."""

import json
import os


def _tell(**fields):
    with open(os.environ["TREADLE_OUTCOMES"], "a", encoding="utf-8") as file:
        file.write(json.dumps(fields) + "\n")


def pytest_collection_finish(session):
    """Every test, before the first one runs."""
    for item in session.items:
        _tell(id=item.nodeid)


def pytest_runtest_logreport(report):
    """The body of a test; of what goes before and after it only what is no success."""
    if report.when == "call" or report.outcome != "passed":
        printed = [f"{title}:\n{text}" for title, text in report.sections]
        _tell(id=report.nodeid, outcome=report.outcome, text="\n".join([report.longreprtext, *printed]))
