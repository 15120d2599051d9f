"""The first rows as the model sees them: each token with whether it counts towards the loss."""

from __future__ import annotations

from typing import Any

from treadle_trainer.data.encode import Encoded
from treadle_trainer.jobs.job import Job
from treadle_trainer.models.loading import load_tokenizer, open_encoder, trains_the_end
from treadle_trainer.data.rows import read_rows
from treadle_trainer.data.splits import is_usable

MOST_TOKENS = 4_096


def preview(job: Job, limit: int) -> dict[str, Any]:
    """Samples of the first `limit` rows, and counts over all rows. A preference row has two samples."""
    tokenizer = load_tokenizer(job)
    encoder = open_encoder(job, tokenizer)
    samples: list[dict[str, Any]] = []
    counts = {"rows": 0, "kept": 0, "over_length": 0, "dropped": 0, "all_masked": 0, "tokens": 0, "trained_tokens": 0}
    for place, row in enumerate(read_rows(job.data.train, job.data.format)):
        texts = encoder.encode(row, job.data.format)
        _count(counts, job, texts)
        if place < limit:
            samples.extend(_sample(tokenizer, place, text, job.sequence_len) for text in texts)
    return {"samples": samples, "counts": counts, "trains_end_of_turn": trains_the_end(encoder)}


def _count(counts: dict[str, int], job: Job, texts: list[Encoded]) -> None:
    counts["rows"] += 1
    counts["over_length"] += any(len(text.ids) > job.sequence_len for text in texts)
    counts["all_masked"] += any(not text.cut(job.sequence_len).is_trainable for text in texts)
    if not is_usable(job.method, texts, job.sequence_len):
        counts["dropped"] += 1
        return
    counts["kept"] += 1
    for text in texts:
        cut = text.cut(job.sequence_len)
        counts["tokens"] += len(cut.ids)
        counts["trained_tokens"] += sum(cut.counted[1:])


def _sample(tokenizer: Any, row: int, whole: Encoded, length: int) -> dict[str, Any]:
    """One text. `trainable` counts the tokens of the loss. The list of tokens ends after a few thousand."""
    text = whole.cut(length)
    shown = text.cut(MOST_TOKENS)
    tokens = [
        {"id": token, "text": tokenizer.decode([token], clean_up_tokenization_spaces=False), "masked": not counts}
        for token, counts in zip(shown.ids, shown.counted)
    ]
    return {
        "row": row,
        "text": tokenizer.decode(text.ids, clean_up_tokenization_spaces=False),
        "tokens": tokens,
        "length": len(whole.ids),
        "truncated": len(whole.ids) > length,
        "trainable": sum(text.counted[1:]),
    }
