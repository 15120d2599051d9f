"""Finds the assistant's text in a rendered conversation, as character offsets."""

from __future__ import annotations

from typing import Any, Sequence

from treadle_trainer.runtime.problems import Problem
from treadle_trainer.data.templates import ChatTemplate

Span = tuple[int, int]


def assistant_spans(
    tokenizer: Any, template: ChatTemplate, messages: Sequence[dict[str, Any]], tools: Any = None
) -> tuple[str, list[Span]]:
    """Returns the text of a conversation, and the span of each answer from its first character to the end of its turn, inclusive."""
    if template.has_marks:
        return _marked(tokenizer, template, messages, tools)
    return _compared(tokenizer, template, messages, tools)


def _marked(tokenizer: Any, template: ChatTemplate, messages: Sequence[Any], tools: Any) -> tuple[str, list[Span]]:
    from transformers.utils.chat_template_utils import render_jinja_template

    special = {name: value for name, value in tokenizer.special_tokens_map.items() if isinstance(value, str)}
    rendered, spans = render_jinja_template(
        conversations=[list(messages)],
        tools=tools,
        chat_template=template.training,
        return_assistant_tokens_mask=True,
        add_generation_prompt=False,
        **special,
    )
    return rendered[0], [(int(start), int(end)) for start, end in spans[0]]


def _compared(tokenizer: Any, template: ChatTemplate, messages: Sequence[Any], tools: Any) -> tuple[str, list[Span]]:
    """Finds each answer by the difference of the rendered text before and after it. Requires a template that only appends text."""

    def render(count: int, is_asked: bool) -> str:
        return tokenizer.apply_chat_template(
            list(messages[:count]),
            tools=tools,
            chat_template=template.inference,
            add_generation_prompt=is_asked,
            tokenize=False,
        )

    whole = render(len(messages), False)
    spans: list[Span] = []
    for place, message in enumerate(messages):
        if message["role"] != "assistant":
            continue
        before, after = render(place, True), render(place + 1, False)
        if not (whole.startswith(before) and whole.startswith(after) and len(before) <= len(after)):
            message_text = "The model's chat template changes earlier turns, so the answers in it cannot be located."
            raise Problem("template_rewrites", message_text, "Use a template with generation marks, or `train_on: last_assistant` with prompt_completion rows.")
        spans.append((len(before), len(before) + len(_turn(after[len(before) :], tokenizer))))
    return whole, spans


def _turn(text: str, tokenizer: Any) -> str:
    """An answer up to the end of its turn. White space after the last special token belongs to the next turn."""
    bare = text.rstrip()
    ends = [token for token in tokenizer.all_special_tokens if token and bare.endswith(token)]
    return bare if ends else text
