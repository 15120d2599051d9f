"""Turns a file of rows into the columns that a trainer takes, and counts truncated and skipped rows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable

from treadle_trainer.data.encode import Encoded, Encoder
from treadle_trainer.jobs.job import Job
from treadle_trainer.runtime.problems import Problem
from treadle_trainer.data.rows import Row, read_rows

Columns = dict[str, Any]
# A column that no trainer reads: the position of a row within its split.
ROW_COLUMN = "row_place"
ROWS_BETWEEN = 500
TOO_LONG, NOTHING_TO_LEARN = "too_long", "nothing_to_learn"


@dataclass
class Counts:
    """The counts of one file.

    `truncated`: cut to sequence_len. `dropped`: skipped, because no token to learn was left. `tokens`: after
    truncation.
    """

    rows: int = 0
    truncated: int = 0
    dropped: int = 0
    tokens: int = 0
    counted_tokens: int = 0
    longest: int = 0

    @property
    def kept(self) -> int:
        """The number of rows that are trained on."""
        return self.rows - self.dropped


@dataclass(frozen=True)
class LeftOut:
    """A skipped row. `mark`: the server's name of the row in `_row`, None if it has none."""

    mark: Any
    reason: str


@dataclass(frozen=True)
class Split:
    """Rows ready for the trainer, the lengths of their texts in tokens, their marks, and the skipped rows."""

    columns: list[Columns]
    lengths: list[int]
    counts: Counts
    marks: list[Any]
    left_out: list[LeftOut]

    def left_out_of(self, dataset: Any) -> list[LeftOut]:
        """All rows that are not in `dataset`, which a trainer made from `to_dataset`: some trainers filter again by length."""
        places = set(dataset[ROW_COLUMN]) if ROW_COLUMN in dataset.column_names else set(range(len(self.marks)))
        return [*self.left_out, *(LeftOut(mark, TOO_LONG) for place, mark in enumerate(self.marks) if place not in places)]


Report = Callable[[int, int], None]


def read_split(job: Job, path: Path, encoder: Encoder, report: Report = lambda done, total: None) -> Split:
    """Encodes a file.

    Raises if a row is invalid or if no row has a token to learn. `report` receives the number of finished rows from
    time to time.
    """
    counts = Counts()
    columns: list[Columns] = []
    lengths: list[int] = []
    marks: list[Any] = []
    left_out: list[LeftOut] = []
    rows = read_rows(path, job.data.format)
    for row in rows:
        if counts.rows % ROWS_BETWEEN == 0:
            report(counts.rows, len(rows))
        counts.rows += 1
        texts = encoder.encode(row, job.data.format)
        cut = [text.cut(job.sequence_len) for text in texts]
        is_cut = any(len(text.ids) > job.sequence_len for text in texts)
        if not is_usable(job.method, texts, job.sequence_len):
            counts.dropped += 1
            is_long = is_cut and all(text.is_trainable for text in texts)
            left_out.append(LeftOut(row.get("_row"), TOO_LONG if is_long else NOTHING_TO_LEARN))
            continue
        counts.truncated += is_cut
        for text in cut:
            counts.tokens += len(text.ids)
            counts.counted_tokens += sum(text.counted[1:])
            counts.longest = max(counts.longest, len(text.ids))
        lengths.append(sum(len(text.ids) for text in cut))
        columns.append(_COLUMNS[job.method](row, cut))
        marks.append(row.get("_row"))
    if not columns:
        message = f"None of the {counts.rows} rows of {path.name} has a token to learn within {job.sequence_len} tokens."
        raise Problem("nothing_to_learn", message, "Raise sequence_len, or check the preview of the rows.")
    return Split(columns, lengths, counts, marks, left_out)


def is_usable(method: str, texts: list[Encoded], length: int) -> bool:
    """Whether a row is trained on. A reward model reads whole answers, so rows that would be truncated are skipped."""
    if method == "reward" and any(len(text.ids) > length for text in texts):
        return False
    return all(text.cut(length).is_trainable for text in texts)


def to_dataset(split: Split) -> Any:
    """The rows as a dataset of Hugging Face's library."""
    from datasets import Dataset

    return Dataset.from_list([{**columns, ROW_COLUMN: place} for place, columns in enumerate(split.columns)])


def _sft(_: Row, texts: list[Encoded]) -> Columns:
    return {"input_ids": texts[0].ids, "labels": texts[0].labels}


def _reward(row: Row, texts: list[Encoded]) -> Columns:
    margin = row.get("margin")
    extra = {"margin": float(margin)} if isinstance(margin, (int, float)) else {}
    return {"chosen_ids": texts[0].ids, "rejected_ids": texts[1].ids, **extra}


def _dpo(row: Row, _: list[Encoded]) -> Columns:
    return {name: row[name] for name in ("prompt", "chosen", "rejected")} | _tools(row)


def _kto(row: Row, _: list[Encoded]) -> Columns:
    return {name: row[name] for name in ("prompt", "completion", "label")} | _tools(row)


def _tools(row: Row) -> Columns:
    return {"tools": json.dumps(row["tools"])} if row.get("tools") else {}


_COLUMNS: dict[str, Callable[[Row, list[Encoded]], Columns]] = {"sft": _sft, "reward": _reward, "dpo": _dpo, "kto": _kto}
