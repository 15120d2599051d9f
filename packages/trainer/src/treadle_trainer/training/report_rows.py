"""Reports which rows a run trains on, so that users can later trace a row."""

from __future__ import annotations

from typing import Any

from treadle_trainer.runtime.events import Emitter, Mute
from treadle_trainer.data.splits import LeftOut, Split

# Rows per event, because a reader holds one event in memory.
MOST_NAMED = 500


def report_rows(emit: Emitter | Mute, name: str, split: Split, dataset: Any) -> None:
    """Reports the skipped rows of a split, in several events if there are many. `dataset`: the trainer's version of the split."""
    left_out = split.left_out_of(dataset)
    rows = split.counts.rows
    parts = [left_out[start : start + MOST_NAMED] for start in range(0, len(left_out), MOST_NAMED)] or [[]]
    for number, part in enumerate(parts, 1):
        names = [one for each in part if (one := _name(each)) is not None]
        emit("rows", split=name, rows=rows, kept=rows - len(left_out), part=number, parts=len(parts), left_out=names)


def _name(row: LeftOut) -> dict[str, Any] | None:
    """A row by its source and item. None for rows without a server's mark, such as the rows of a handwritten job."""
    if not isinstance(row.mark, dict) or not {"source", "item"} <= row.mark.keys():
        return None
    return {"source": row.mark["source"], "item": row.mark["item"], "reason": row.reason}
