"""The libraries' trainers, configured for one machine: no network, no tracking, and half precision only where it was measured to be faster."""

from __future__ import annotations

from typing import Any

from treadle_trainer.jobs.job import Job
from treadle_trainer.models.loading import lora_config
from treadle_trainer.data.splits import Split, to_dataset


def _settings(job: Job, precision: str, processes: int) -> dict[str, Any]:
    """Arguments that all methods share.

    The number of rows per step does not depend on the number of processes. `Watch` decides when to evaluate and save.
    """
    import torch

    return dict(
        output_dir=str(job.folder / "checkpoints"),
        **({"ddp_backend": "gloo"} if processes > 1 and not torch.cuda.is_available() else {}),
        use_cpu=not torch.cuda.is_available(),
        bf16=precision == "bf16",
        fp16=False,
        activation_checkpointing=False,
        dataloader_pin_memory=False,
        dataloader_num_workers=0,
        report_to="none",
        push_to_hub=False,
        disable_tqdm=True,
        logging_strategy="steps",
        logging_steps=1,
        logging_first_step=True,
        logging_nan_inf_filter=False,
        eval_strategy="no",
        save_strategy="no",
        optim="adamw_torch",
        seed=job.seed,
        data_seed=job.seed,
        per_device_train_batch_size=job.micro_batch_size,
        per_device_eval_batch_size=job.micro_batch_size,
        gradient_accumulation_steps=job.gradient_accumulation_steps // processes,
        average_tokens_across_devices=True,
        num_train_epochs=job.num_epochs if job.num_epochs is not None else 1.0,
        max_steps=job.max_steps if job.max_steps is not None else -1,
        learning_rate=job.learning_rate,
        lr_scheduler_type="constant_with_warmup" if job.lr_scheduler == "constant" else job.lr_scheduler,
        warmup_steps=job.warmup,
        weight_decay=job.weight_decay,
        max_grad_norm=job.max_grad_norm,
    )


def make_trainer(
    job: Job, model: Any, tokenizer: Any, splits: tuple[Split, Split | None], precision: str, processes: int = 1
) -> Any:
    """The trainer for a job's method. `splits`: rows to train on, and rows to evaluate on or None. `processes` share each step."""
    train, val = splits
    common = dict(
        model=model,
        train_dataset=to_dataset(train),
        eval_dataset=None if val is None else to_dataset(val),
        processing_class=tokenizer,
        peft_config=lora_config(job),
    )
    settings = _settings(job, precision, processes)
    # The first point of the curve is the base's loss. If it were evaluated before the training starts, each of several processes
    # would have a separate model, and gradients would not be shared.
    settings["eval_on_start"] = val is not None and job.resume_from is None
    trainer = _MAKERS[job.method](job, settings, common)
    trainer.create_model_card = lambda *_, **__: None  # The registry writes the model card, because it has more information.
    return trainer


def _sft(job: Job, settings: dict[str, Any], common: dict[str, Any]) -> Any:
    from trl import SFTConfig, SFTTrainer

    prepared = {"skip_prepare_dataset": True}
    args = SFTConfig(**settings, max_length=job.sequence_len, packing=False, loss_type="nll", dataset_kwargs=prepared)
    return SFTTrainer(args=args, **common)


def _dpo(job: Job, settings: dict[str, Any], common: dict[str, Any]) -> Any:
    from trl import DPOConfig, DPOTrainer

    args = DPOConfig(**settings, max_length=job.sequence_len, beta=job.beta, loss_type=["sigmoid"])
    return DPOTrainer(args=args, ref_model=None, **common)


def _kto(job: Job, settings: dict[str, Any], common: dict[str, Any]) -> Any:
    from trl import KTOConfig, KTOTrainer

    args = KTOConfig(**settings, max_length=job.sequence_len, beta=job.beta)
    return KTOTrainer(args=args, ref_model=None, **common)


def _reward(job: Job, settings: dict[str, Any], common: dict[str, Any]) -> Any:
    from trl import RewardConfig, RewardTrainer

    args = RewardConfig(**settings, max_length=None, center_rewards_coefficient=0.01)
    common["model"].config.pad_token_id = common["processing_class"].pad_token_id
    return RewardTrainer(args=args, **common)


_MAKERS = {"sft": _sft, "dpo": _dpo, "kto": _kto, "reward": _reward}
