"""A file of rows as what a trainer takes, with what was cut or left out counted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable

from treadle_trainer.encode import Encoded, Encoder
from treadle_trainer.job import Job
from treadle_trainer.problems import Problem
from treadle_trainer.rows import Row, read_rows

Columns = dict[str, Any]


@dataclass
class Counts:
    """Of one file. `truncated`: cut to sequence_len. `dropped`: left out, since nothing to learn stayed. `tokens`: after the cut."""

    rows: int = 0
    truncated: int = 0
    dropped: int = 0
    tokens: int = 0
    counted_tokens: int = 0
    longest: int = 0

    @property
    def kept(self) -> int:
        """Rows that are trained on."""
        return self.rows - self.dropped


@dataclass(frozen=True)
class Split:
    """Rows ready for the trainer, and the lengths of their texts in tokens."""

    columns: list[Columns]
    lengths: list[int]
    counts: Counts


def read_split(job: Job, path: Path, encoder: Encoder) -> Split:
    """Encodes a file. Throws when a row is wrong or when nothing stays that could be learnt."""
    counts = Counts()
    columns: list[Columns] = []
    lengths: list[int] = []
    for row in read_rows(path, job.data.format):
        counts.rows += 1
        texts = encoder.encode(row, job.data.format)
        cut = [text.cut(job.sequence_len) for text in texts]
        is_cut = any(len(text.ids) > job.sequence_len for text in texts)
        if not is_usable(job.method, texts, job.sequence_len):
            counts.dropped += 1
            continue
        counts.truncated += is_cut
        for text in cut:
            counts.tokens += len(text.ids)
            counts.counted_tokens += sum(text.counted[1:])
            counts.longest = max(counts.longest, len(text.ids))
        lengths.append(sum(len(text.ids) for text in cut))
        columns.append(_COLUMNS[job.method](row, cut))
    if not columns:
        message = f"None of the {counts.rows} rows of {path.name} has a token left to learn within {job.sequence_len} tokens."
        raise Problem("nothing_to_learn", message, "Raise sequence_len, or look at the preview of the rows.")
    return Split(columns, lengths, counts)


def is_usable(method: str, texts: list[Encoded], length: int) -> bool:
    """Whether a row is trained on. A reward model reads whole answers, so a row that would be cut is left out."""
    if method == "reward" and any(len(text.ids) > length for text in texts):
        return False
    return all(text.cut(length).is_trainable for text in texts)


def to_dataset(split: Split) -> Any:
    """The columns as the libraries want them."""
    from datasets import Dataset

    return Dataset.from_list(split.columns)


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
