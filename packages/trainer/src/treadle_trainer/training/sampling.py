"""Sample answers of the model during training, for people to read."""

from __future__ import annotations

from typing import Any, Callable

from treadle_trainer.data.encode import Encoder
from treadle_trainer.runtime.events import Emitter
from treadle_trainer.jobs.job import Job


def make_sampler(job: Job, encoder: Encoder, emit: Emitter, model_of: Callable[[], Any]) -> Callable[[int], None]:
    """A function that has the model answer the sample prompts and writes each answer as a `sample` event."""

    def sample(step: int) -> None:
        if not job.eval.samples or job.method == "reward":
            return
        for messages in job.eval.samples:
            output = answer(model_of(), encoder, messages, job.eval.sample_tokens)
            emit("sample", step=step, prompt=messages, output=output)

    return sample


def answer(model: Any, encoder: Encoder, messages: list[dict[str, str]], most_tokens: int) -> str:
    """The greedy answer of at most `most_tokens` tokens. It uses no random generator."""
    ids = greedy(model, encoder.prompt(messages), most_tokens, encoder.tokenizer.eos_token_id)
    return encoder.tokenizer.decode(ids, skip_special_tokens=True)


def greedy(model: Any, prompt: list[int], most_tokens: int, end: int | None) -> list[int]:
    """The greedy tokens up to the end token, which is excluded."""
    import torch

    was_training = model.training
    model.eval()
    tokens: list[int] = []
    cache: Any = None
    inputs = torch.tensor([prompt], device=model.device)
    try:
        with torch.no_grad():
            while len(tokens) < most_tokens:
                output = model(input_ids=inputs, past_key_values=cache, use_cache=True)
                token = int(output.logits[0, -1].argmax())
                if token == end:
                    break
                tokens.append(token)
                cache, inputs = output.past_key_values, torch.tensor([[token]], device=model.device)
    finally:
        model.train(was_training)
    return tokens
