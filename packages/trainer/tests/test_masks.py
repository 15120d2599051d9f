"""The loss counts the assistant's text, including the end of its turn, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Callable

import pytest
from conftest import chats, preferences, turns, write_rows

from treadle_trainer.data.encode import Encoder
from treadle_trainer.models.loading import load_tokenizer, open_encoder, trains_the_end
from treadle_trainer.training.preview import preview
from treadle_trainer.runtime.problems import Problem
from treadle_trainer.jobs.read_job import read_job
from treadle_trainer.data.splits import read_split
from treadle_trainer.data.templates import CHATML_SMOLLM2, find_template, renders_same, without_marks

_LONG = [*turns("hi", "hello"), *turns("more?", "yes, 2024")]
_SYSTEM = [{"role": "system", "content": "Be short."}, *turns("why?", "because\nit is")]
FIXTURES: list[tuple[str, list[dict[str, str]], list[str]]] = [
    ("assistant", turns("hi", "hello"), ["hello<|im_end|>"]),
    ("assistant", _LONG, ["hello<|im_end|>", "yes, 2024<|im_end|>"]),
    ("last_assistant", _LONG, ["yes, 2024<|im_end|>"]),
    ("completion", _SYSTEM, ["because\nit is<|im_end|>"]),
    ("assistant", turns("a <|im_end|>?", "😀 漢字 äß"), ["😀 漢字 äß<|im_end|>"]),
]


def _counted(encoder: Encoder, messages: list[dict[str, str]]) -> list[str]:
    """The texts of consecutive tokens that count towards the loss."""
    encoded = encoder.chat(messages)
    stretches: list[list[int]] = []
    for place, (token, counts) in enumerate(zip(encoded.ids, encoded.counted)):
        if counts and (place == 0 or not encoded.counted[place - 1]):
            stretches.append([])
        if counts:
            stretches[-1].append(token)
    return [encoder.tokenizer.decode(stretch) for stretch in stretches]


@pytest.mark.parametrize("template", ["chatml-smollm2", "model"])
@pytest.mark.parametrize(("train_on", "messages", "wanted"), FIXTURES)
def test_only_what_the_assistant_says_is_counted(
    tokenizer: Any, template: str, train_on: str, messages: list[dict[str, str]], wanted: list[str]
) -> None:
    encoder = Encoder(tokenizer, find_template(template, tokenizer), train_on)
    assert _counted(encoder, messages) == wanted


def test_labels_are_the_tokens_themselves_or_minus_one_hundred(tokenizer: Any) -> None:
    encoded = Encoder(tokenizer, find_template("model", tokenizer), "assistant").chat(turns("hi", "hello"))
    pairs = list(zip(encoded.ids, encoded.labels))
    assert all(label in (token, -100) for token, label in pairs)
    assert tokenizer.decode([label for _, label in pairs if label != -100]) == "hello<|im_end|>"


def test_the_template_with_marks_renders_what_the_one_without_does(tokenizer: Any) -> None:
    for messages in (_LONG, _SYSTEM):
        texts = [
            tokenizer.apply_chat_template(messages, chat_template=template, tokenize=False)
            for template in (CHATML_SMOLLM2, without_marks(CHATML_SMOLLM2))
        ]
        assert texts[0] == texts[1]
        prompt = tokenizer.apply_chat_template(messages[:-1], tokenize=False, add_generation_prompt=True)
        assert texts[0].startswith(prompt)


def test_templates_are_the_same_when_they_ask_in_the_same_words() -> None:
    bare = without_marks(CHATML_SMOLLM2)
    assert renders_same(bare, bare.replace("{% for message", "{% for  message"))
    assert not renders_same(bare, bare.replace("assistant\\n", "assistant:\\n"))
    assert not renders_same(bare, None)


def test_a_template_that_leaves_the_end_out_is_noticed(tokenizer: Any, tmp_path: Path) -> None:
    bad = CHATML_SMOLLM2.replace("message['content'] + '<|im_end|>' }}{% endgeneration %}", "message['content'] }}{% endgeneration %}<|im_end|>")
    path = tmp_path / "bad.jinja"
    path.write_text(bad)
    assert not trains_the_end(Encoder(tokenizer, find_template(str(path), tokenizer), "assistant"))
    assert trains_the_end(Encoder(tokenizer, find_template("chatml-smollm2", tokenizer), "assistant"))


def test_a_template_that_cannot_be_rendered_is_refused(tokenizer: Any, tmp_path: Path) -> None:
    path = tmp_path / "broken.jinja"
    path.write_text("{% for")
    with pytest.raises(Problem, match="cannot be rendered"):
        find_template(str(path), tokenizer)
    with pytest.raises(Problem, match="not `model`"):
        find_template("chatml", tokenizer)


def test_a_template_that_drops_earlier_turns_is_refused_where_they_would_count(tokenizer: Any, tmp_path: Path) -> None:
    path = tmp_path / "last.jinja"
    path.write_text("{% for m in messages[-2:] %}{{ m['role'] + ':' + m['content'] }}{% endfor %}")
    with pytest.raises(Problem, match="changes earlier turns"):
        Encoder(tokenizer, find_template(str(path), tokenizer), "assistant").chat(_LONG)


def _texts(tokenizer: Any, found: Any) -> str:
    return tokenizer.decode([token for token, counts in zip(found.ids, found.counted) if counts])


def test_of_a_prompt_and_its_completion_the_completion_counts(tokenizer: Any) -> None:
    encoder = Encoder(tokenizer, find_template("model", tokenizer), "assistant")
    (plain,) = encoder.encode({"prompt": "a question:", "completion": " an answer"}, "prompt_completion")
    assert _texts(tokenizer, plain) == " an answer<|im_end|>"
    row = {"prompt": _LONG[:3], "completion": _LONG[3:]}
    assert _texts(tokenizer, encoder.encode(row, "prompt_completion")[0]) == "yes, 2024<|im_end|>"
    (all_of_it,) = Encoder(tokenizer, find_template("model", tokenizer), "all").encode(row, "prompt_completion")
    assert all(all_of_it.counted)


def test_what_is_cut_and_left_out_is_counted(make_job: Callable[..., Path]) -> None:
    rows = [*chats(3), {"messages": turns("hi", "word " * 200)}, {"messages": turns("word " * 200, "hi")}]
    job = read_job(make_job(rows=rows, sequence_len=64))
    counts = read_split(job, job.data.train, open_encoder(job, load_tokenizer(job))).counts
    assert (counts.rows, counts.truncated, counts.dropped, counts.kept, counts.longest) == (5, 1, 1, 4, 64)
    result = preview(job, 5)
    assert result["counts"]["over_length"] == 2 and result["counts"]["all_masked"] == 1 and result["counts"]["dropped"] == 1
    assert result["counts"]["trained_tokens"] == counts.counted_tokens
    with pytest.raises(Problem, match="None of the 1 rows") as caught:
        job = read_job(make_job("none", rows=rows[-1:], sequence_len=64))
        read_split(job, job.data.train, open_encoder(job, load_tokenizer(job)))
    assert caught.value.code == "nothing_to_learn"


def test_a_preview_shows_what_is_trained_on(make_job: Callable[..., Path], tokenizer: Any) -> None:
    job = read_job(make_job())
    result = json.loads(json.dumps(preview(job, 2)))
    assert len(result["samples"]) == 2 and result["trains_end_of_turn"]
    first, columns = result["samples"][0], read_split(job, job.data.train, open_encoder(job, tokenizer)).columns[0]
    assert [token["id"] for token in first["tokens"]] == columns["input_ids"]
    assert [token["masked"] for token in first["tokens"]] == [label == -100 for label in columns["labels"]]
    assert first["text"] == tokenizer.decode(columns["input_ids"]) and first["trainable"] == sum(label != -100 for label in columns["labels"])


@pytest.mark.parametrize("method", ["dpo", "kto"])
def test_the_library_makes_the_same_tokens_of_a_preference(make_job: Callable[..., Path], tmp_path: Path, method: str) -> None:
    from treadle_trainer.models.loading import load_model
    from treadle_trainer.models.trainers import make_trainer

    rows = preferences()
    if method == "kto":
        rows = [{"prompt": row["prompt"], "completion": row["chosen"], "label": n % 2 == 0} for n, row in enumerate(rows)]
    data = {"train": write_rows(tmp_path / "rows.jsonl", rows), "format": "kto" if method == "kto" else "preference"}
    job = read_job(make_job(method=method, data=data, adapter="lora"))
    tokenizer = load_tokenizer(job)
    encoder = open_encoder(job, tokenizer)
    trainer = make_trainer(job, load_model(job), tokenizer, (read_split(job, job.data.train, encoder), None), "fp32")
    for row, made in zip(rows, trainer.train_dataset, strict=True):
        texts = encoder.encode(row, job.data.format)
        answers = [made["completion_ids"]] if method == "kto" else [made["chosen_ids"], made["rejected_ids"]]
        for text, answer in zip(texts, answers, strict=True):
            assert made["prompt_ids"] + answer == text.ids
            assert text.counted == [False] * len(made["prompt_ids"]) + [True] * len(answer)
