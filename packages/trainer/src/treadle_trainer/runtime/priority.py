"""The priority of the trainer's processes: other programs on the machine come first."""

from __future__ import annotations

import os

# Values of `nice`: 0 is a normal program, 19 uses only idle time.
USUAL, LEAST = 10, 19
SETTING = "TREADLE_TRAINING_NICE"


def lower_priority() -> None:
    """Sets the priority from the server's setting. It never raises the priority, because only an operator may do that."""
    setting = os.environ.get(SETTING, "")
    priority = min(int(setting), LEAST) if setting.isdecimal() else USUAL
    os.setpriority(os.PRIO_PROCESS, 0, max(priority, os.getpriority(os.PRIO_PROCESS, 0)))
