"""Rows as tokens, each with whether the loss counts it. What is previewed, counted and trained on comes from here alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Sequence

from treadle_trainer.problems import Problem
from treadle_trainer.spans import assistant_spans
from treadle_trainer.templates import ChatTemplate

IGNORED = -100
Row = dict[str, Any]


@dataclass(frozen=True)
class Encoded:
    """One text as tokens. `counted[i]`: whether the loss counts `ids[i]`."""

    ids: list[int]
    counted: list[bool]

    @property
    def labels(self) -> list[int]:
        """Tokens the loss counts, -100 for the others."""
        return [token if counts else IGNORED for token, counts in zip(self.ids, self.counted)]

    def cut(self, length: int) -> "Encoded":
        """Its first `length` tokens."""
        return Encoded(self.ids[:length], self.counted[:length])

    @property
    def is_trainable(self) -> bool:
        """Whether the loss counts a token; the first of all has nothing before it and is never counted."""
        return any(self.counted[1:])


@dataclass(frozen=True)
class Encoder:
    """Turns rows into tokens as one job wants it. Text is never longer than what the tokenizer makes of it: cut it with `cut`."""

    tokenizer: Any
    template: ChatTemplate | None
    train_on: str

    def encode(self, row: Row, kind: str) -> list[Encoded]:
        """The texts of a row: one, or two for a preference (the better one first)."""
        return _ENCODERS[kind](self, row)

    def chat(self, messages: Sequence[Row], tools: Any = None, given: int = 0) -> Encoded:
        """A conversation; what the assistant says is counted, but in the first `given` messages."""
        text, spans = assistant_spans(self.tokenizer, self._template(), messages, tools)
        spans = spans[sum(message["role"] == "assistant" for message in messages[:given]) :]
        if self.train_on == "all":
            spans = [(0, len(text))]
        elif self.train_on in ("last_assistant", "completion"):
            spans = spans[-1:]
        found = self.tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
        counted = [_lies_in(start, end, spans) for start, end in found["offset_mapping"]]
        return Encoded(list(found["input_ids"]), counted)

    def plain(self, text: str) -> Encoded:
        """A text with its end; all of it is counted."""
        ids = list(self.tokenizer(self._ended(text))["input_ids"])
        return Encoded(ids, [True] * len(ids))

    def continued(self, prompt: str | Sequence[Row], answer: str | Sequence[Row], tools: Any = None) -> Encoded:
        """A prompt and its answer, of which the answer is counted: from where their tokens part from the prompt's own."""
        if not isinstance(prompt, str):
            asked = self._render(prompt, tools, add_generation_prompt=True)
            whole = self._render([*prompt, *answer], tools, add_generation_prompt=False)
        else:
            asked = list(self.tokenizer(prompt)["input_ids"])
            whole = list(self.tokenizer(self._ended(prompt + answer))["input_ids"])
        start = common_start(asked, whole)
        return Encoded(whole, [place >= start for place in range(len(whole))])

    def prompt(self, messages: Sequence[Row]) -> list[int]:
        """A conversation up to where the model begins to answer."""
        return self._render(messages, None, add_generation_prompt=True)

    def _template(self) -> ChatTemplate:
        if self.template is None:
            what_to_do = "Set chat_template to chatml-smollm2 or to a .jinja file."
            raise Problem("no_template", "The rows are conversations, but this model came with no chat template.", what_to_do)
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
    """How many tokens two texts have in common from their beginning."""
    length = min(len(first), len(second))
    return next((place for place in range(length) if first[place] != second[place]), length)


def _lies_in(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a token's characters begin inside a span; a token of no characters lies in none."""
    return end > start and any(low <= start < high for low, high in spans)


def _encode_completion(encoder: Encoder, row: Row) -> list[Encoded]:
    prompt, completion = row["prompt"], row["completion"]
    if not isinstance(prompt, str):
        return [encoder.chat([*prompt, *completion], row.get("tools"), given=len(prompt))]
    found = encoder.continued(prompt, completion)
    return [Encoded(found.ids, [True] * len(found.ids)) if encoder.train_on == "all" else found]


def _encode_preference(encoder: Encoder, row: Row) -> list[Encoded]:
    return [encoder.continued(row["prompt"], row[name], row.get("tools")) for name in ("chosen", "rejected")]


_ENCODERS: dict[str, Callable[[Encoder, Row], list[Encoded]]] = {
    "chat": lambda encoder, row: [encoder.chat(row["messages"], row.get("tools"))],
    "text": lambda encoder, row: [encoder.plain(row["text"])],
    "prompt_completion": _encode_completion,
    "preference": _encode_preference,
    "kto": lambda encoder, row: [encoder.continued(row["prompt"], row["completion"], row.get("tools"))],
}
