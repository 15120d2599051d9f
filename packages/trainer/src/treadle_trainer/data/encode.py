"""Encodes rows as tokens, each with whether it counts towards the loss. Previews, counts and training all use this module."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Sequence

from treadle_trainer.runtime.problems import Problem
from treadle_trainer.data.spans import assistant_spans
from treadle_trainer.data.templates import ChatTemplate

IGNORED = -100
Row = dict[str, Any]


@dataclass(frozen=True)
class Encoded:
    """One encoded text. `counted[i]`: whether `ids[i]` counts towards the loss."""

    ids: list[int]
    counted: list[bool]

    @property
    def labels(self) -> list[int]:
        """The tokens that count towards the loss, -100 for all others."""
        return [token if counts else IGNORED for token, counts in zip(self.ids, self.counted)]

    def cut(self, length: int) -> "Encoded":
        """The first `length` tokens."""
        return Encoded(self.ids[:length], self.counted[:length])

    @property
    def is_trainable(self) -> bool:
        """Whether any token counts towards the loss. The first token never counts, because nothing precedes it."""
        return any(self.counted[1:])


@dataclass(frozen=True)
class Encoder:
    """Encodes rows as a job requires. It does not truncate: use `cut`."""

    tokenizer: Any
    template: ChatTemplate | None
    train_on: str

    def encode(self, row: Row, kind: str) -> list[Encoded]:
        """The texts of a row: one, or two for a preference (the better text first)."""
        return _ENCODERS[kind](self, row)

    def chat(self, messages: Sequence[Row], tools: Any = None, context: int = 0) -> Encoded:
        """A conversation. The assistant's text counts towards the loss, except in the first `context` messages."""
        text, spans = assistant_spans(self.tokenizer, self._template(), messages, tools)
        spans = spans[sum(message["role"] == "assistant" for message in messages[:context]) :]
        if self.train_on == "all":
            spans = [(0, len(text))]
        elif self.train_on in ("last_assistant", "completion"):
            spans = spans[-1:]
        encoded = self.tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
        counted = [_lies_in(start, end, spans) for start, end in encoded["offset_mapping"]]
        return Encoded(list(encoded["input_ids"]), counted)

    def plain(self, text: str) -> Encoded:
        """A text with its end token. All tokens count towards the loss."""
        ids = list(self.tokenizer(self._ended(text))["input_ids"])
        return Encoded(ids, [True] * len(ids))

    def continued(self, prompt: str | Sequence[Row], answer: str | Sequence[Row], tools: Any = None) -> Encoded:
        """A prompt and its answer. The answer's tokens count: all after the tokens that it shares with the prompt alone."""
        if not isinstance(prompt, str):
            prompt_ids = self._render(prompt, tools, add_generation_prompt=True)
            whole = self._render([*prompt, *answer], tools, add_generation_prompt=False)
        else:
            prompt_ids = list(self.tokenizer(prompt)["input_ids"])
            whole = list(self.tokenizer(self._ended(prompt + answer))["input_ids"])
        start = common_start(prompt_ids, whole)
        return Encoded(whole, [place >= start for place in range(len(whole))])

    def prompt(self, messages: Sequence[Row]) -> list[int]:
        """A conversation up to the start of the model's answer."""
        return self._render(messages, None, add_generation_prompt=True)

    def _template(self) -> ChatTemplate:
        if self.template is None:
            what_to_do = "Set chat_template to chatml-smollm2 or to a .jinja file."
            raise Problem("no_template", "The rows are conversations, but this model has no chat template.", what_to_do)
        return self.template

    def _render(self, messages: Sequence[Row], tools: Any, *, add_generation_prompt: bool) -> list[int]:
        text = self.tokenizer.apply_chat_template(
            list(messages),
            tools=tools,
            chat_template=self._template().inference,
            add_generation_prompt=add_generation_prompt,
            tokenize=False,
        )
        return list(self.tokenizer(text, add_special_tokens=False)["input_ids"])

    def _ended(self, text: str) -> str:
        end = self.tokenizer.eos_token or ""
        return text if text.endswith(end) else text + end


def common_start(first: Sequence[int], second: Sequence[int]) -> int:
    """The number of tokens that two texts share at their start."""
    length = min(len(first), len(second))
    return next((place for place in range(length) if first[place] != second[place]), length)


def _lies_in(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a token starts inside a span. A token without characters is in no span."""
    return end > start and any(low <= start < high for low, high in spans)


def _encode_completion(encoder: Encoder, row: Row) -> list[Encoded]:
    prompt, completion = row["prompt"], row["completion"]
    if not isinstance(prompt, str):
        return [encoder.chat([*prompt, *completion], row.get("tools"), context=len(prompt))]
    encoded = encoder.continued(prompt, completion)
    return [Encoded(encoded.ids, [True] * len(encoded.ids)) if encoder.train_on == "all" else encoded]


def _encode_preference(encoder: Encoder, row: Row) -> list[Encoded]:
    return [encoder.continued(row["prompt"], row[name], row.get("tools")) for name in ("chosen", "rejected")]


_ENCODERS: dict[str, Callable[[Encoder, Row], list[Encoded]]] = {
    "chat": lambda encoder, row: [encoder.chat(row["messages"], row.get("tools"))],
    "text": lambda encoder, row: [encoder.plain(row["text"])],
    "prompt_completion": _encode_completion,
    "preference": _encode_preference,
    "kto": lambda encoder, row: [encoder.continued(row["prompt"], row["completion"], row.get("tools"))],
}
