"""Answers of the model while it learns, for people to read."""

from __future__ import annotations

from typing import Any, Callable

from treadle_trainer.encode import Encoder
from treadle_trainer.events import Emitter
from treadle_trainer.job import Job


def make_sampler(job: Job, encoder: Encoder, emit: Emitter, model_of: Callable[[], Any]) -> Callable[[int], None]:
    """A function that has the model answer the job's questions and tells each answer as a `sample` event."""

    def sample(step: int) -> None:
        if not job.eval.samples or job.method == "reward":
            return
        for messages in job.eval.samples:
            output = answer(model_of(), encoder, messages, job.eval.sample_tokens)
            emit("sample", step=step, prompt=messages, output=output)

    return sample


def answer(model: Any, encoder: Encoder, messages: list[dict[str, str]], most_tokens: int) -> str:
    """The likeliest answer, word by word, of at most `most_tokens` tokens. Draws nothing from any random generator."""
    ids = greedy(model, encoder.prompt(messages), most_tokens, encoder.tokenizer.eos_token_id)
    return encoder.tokenizer.decode(ids, skip_special_tokens=True)


def greedy(model: Any, prompt: list[int], most_tokens: int, end: int | None) -> list[int]:
    """The likeliest next tokens one by one, up to the end token, which is left out."""
    import torch

    was_training = model.training
    model.eval()
    answered: list[int] = []
    cache: Any = None
    given = torch.tensor([prompt], device=model.device)
    try:
        with torch.no_grad():
            while len(answered) < most_tokens:
                found = model(input_ids=given, past_key_values=cache, use_cache=True)
                token = int(found.logits[0, -1].argmax())
                if token == end:
                    break
                answered.append(token)
                cache, given = found.past_key_values, torch.tensor([[token]], device=model.device)
    finally:
        model.train(was_training)
    return answered
