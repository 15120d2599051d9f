"""Where in a rendered conversation the assistant speaks, as places of characters."""

from __future__ import annotations

from typing import Any, Sequence

from treadle_trainer.problems import Problem
from treadle_trainer.templates import ChatTemplate

Span = tuple[int, int]


def assistant_spans(
    tokenizer: Any, template: ChatTemplate, messages: Sequence[dict[str, Any]], tools: Any = None
) -> tuple[str, list[Span]]:
    """The text of a conversation, and each answer in it from its first character to the end of its turn, which is included."""
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
    """Finds each answer by what the text was before it and is after it. Holds for templates that only ever add text."""

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
            told = "The model's chat template renders earlier turns anew, so the answers in it cannot be told apart."
            raise Problem("template_rewrites", told, "Use a template with generation marks, or train_on: last_assistant with prompt_completion rows.")
        spans.append((len(before), len(before) + len(_turn(after[len(before) :], tokenizer))))
    return whole, spans


def _turn(text: str, tokenizer: Any) -> str:
    """An answer to the end of its turn: white space after the last special token belongs to the next one."""
    bare = text.rstrip()
    ends = [token for token in tokenizer.all_special_tokens if token and bare.endswith(token)]
    return bare if ends else text
