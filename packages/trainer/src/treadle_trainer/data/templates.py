"""Chat templates: one for training, which marks the assistant's text, and the same without marks for inference."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from treadle_trainer.runtime.problems import Problem

SYSTEM_PROMPT = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"
# The ChatML of SmolLM2. The end of a turn is inside the marks, so that the model learns to stop.
CHATML_SMOLLM2 = (
    "{% for message in messages %}"
    "{% if loop.first and message['role'] != 'system' %}{{ '<|im_start|>system\\n" + SYSTEM_PROMPT + "<|im_end|>\\n' }}{% endif %}"
    "{{ '<|im_start|>' + message['role'] + '\\n' }}"
    "{% if message['role'] == 'assistant' %}"
    "{% generation %}{{ message['content'] + '<|im_end|>' }}{% endgeneration %}"
    "{% else %}{{ message['content'] + '<|im_end|>' }}{% endif %}{{ '\\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
_MARK = re.compile(r"\{%-?\s*(?:end)?generation\s*-?%\}")


@dataclass(frozen=True)
class ChatTemplate:
    """A template for training, and the same without marks for inference."""

    training: str
    inference: str

    @property
    def has_marks(self) -> bool:
        """Whether the template marks the assistant's text."""
        return self.training != self.inference

    @property
    def sha256(self) -> str:
        """The hash of the template for inference."""
        return hashlib.sha256(self.inference.encode()).hexdigest()


def without_marks(template: str) -> str:
    """The template without `generation` blocks, which renders the same text."""
    return _MARK.sub("", template)


def find_template(name: str, tokenizer: Any) -> ChatTemplate | None:
    """The template that a job names. None if it is `model` and the model has none."""
    if name == "model":
        own = tokenizer.chat_template
        return None if not isinstance(own, str) else _checked(own)
    if name == "chatml-smollm2":
        _require_tokens(tokenizer, ("<|im_start|>", "<|im_end|>"), name)
        return _checked(CHATML_SMOLLM2)
    path = Path(name)
    if not path.is_absolute() or not path.is_file():
        message = f"`chat_template` is {name!r}, which is not `model`, `chatml-smollm2` or a file."
        raise Problem("bad_template", message, "Use one of these names, or the absolute path of a .jinja file.")
    return _checked(path.read_text(encoding="utf-8"))


def require_template(name: str, tokenizer: Any) -> ChatTemplate:
    """The template that a job names. Raises if there is none, because messages cannot be rendered without one."""
    template = find_template(name, tokenizer)
    if template is None:
        raise Problem("no_template", "This model has no chat template.", "Set chat_template to chatml-smollm2 or to a .jinja file.")
    return template


_PROBES = (
    [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, {"role": "user", "content": "c"}],
    [{"role": "system", "content": "a"}, {"role": "user", "content": "b"}],
)


def renders_same(one: str, other: str | None) -> bool:
    """Whether two templates render prompts identically, with and without a system message."""
    from transformers.utils.chat_template_utils import render_jinja_template

    if other is None or one == other:
        return one == other
    special = dict(bos_token="<bos>", eos_token="<eos>", pad_token="<pad>")
    rendered = [
        render_jinja_template(conversations=list(_PROBES), chat_template=text, add_generation_prompt=True, **special)[0]
        for text in (one, other)
    ]
    return rendered[0] == rendered[1]


def _checked(text: str) -> ChatTemplate:
    """Renders two turns, so that an invalid template is rejected before any row is read."""
    from transformers.utils.chat_template_utils import render_jinja_template

    probe = [[{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]]
    try:
        render_jinja_template(conversations=probe, chat_template=text, bos_token="", eos_token="", pad_token="")
    except Exception as cause:
        raise Problem("bad_template", f"The chat template cannot be rendered: {cause}.", "Fix the template, or use another.") from cause
    return ChatTemplate(training=text, inference=without_marks(text))


def _require_tokens(tokenizer: Any, tokens: tuple[str, ...], name: str) -> None:
    vocabulary = tokenizer.get_vocab()
    missing = [token for token in tokens if token not in vocabulary]
    if missing:
        message = f"The chat template {name} needs the tokens {', '.join(missing)}, which this model does not have."
        raise Problem("bad_template", message, "Set chat_template to model.")
