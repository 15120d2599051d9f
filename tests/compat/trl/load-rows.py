"""Loads files that were exported for fine-tuning with trl's own functions, and trains a tiny model on them for one step.

    .venv/bin/python tests/compat/trl/load-rows.py FOLDER

FOLDER contains `sft`, `dpo` and `kto`, each as `.jsonl` and `.parquet`, in the formats openai-chat, trl-preference and kto. For each,
it prints the number of rows and the columns that trl finds. It exits with 1 and an error at the first value that trl reads
differently from what was written.
"""

import argparse
import os
import pathlib
import sys
import tempfile
import warnings

os.environ.update(
    HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1", TOKENIZERS_PARALLELISM="false"
)
os.environ["HF_HOME"] = tempfile.mkdtemp(prefix="treadle-trl-")

import trl  # noqa: E402
from datasets import disable_progress_bars, load_dataset  # noqa: E402
from tokenizers import Tokenizer, decoders, models, pre_tokenizers  # noqa: E402
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast, PrinterCallback  # noqa: E402
from transformers.utils import logging  # noqa: E402
from trl.data_utils import (  # noqa: E402
    extract_prompt,
    is_conversational,
    maybe_apply_chat_template,
    maybe_extract_prompt,
    unpair_preference_dataset,
)

COLUMNS = {
    "sft": ["messages"],
    "dpo": ["prompt", "chosen", "rejected"],
    "kto": ["prompt", "completion", "label"],
}
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n"
    "{% if message['role'] == 'assistant' %}{% generation %}{{ message['content'] }}<|im_end|>\n{% endgeneration %}"
    "{% else %}{{ message['content'] }}<|im_end|>\n{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


class Mismatch(Exception):
    """Raised when trl reads something differently from what was written."""


def demand(holds, message):
    if not holds:
        raise Mismatch(message)


def make_tokenizer():
    """One token per byte, so that every text can be restored."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    special = ["<|im_start|>", "<|im_end|>", "<|pad|>"]
    words = {word: at for at, word in enumerate([*alphabet, *special])}
    tokenizer = Tokenizer(models.BPE(vocab=words, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(special)
    made = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<|im_start|>", eos_token="<|im_end|>", pad_token="<|pad|>"
    )
    made.chat_template = TEMPLATE
    return made


def load(folder, shape):
    """The rows of both files, which must have the same contents."""
    loaded = {}
    for suffix, kind in (("jsonl", "json"), ("parquet", "parquet")):
        path = folder / f"{shape}.{suffix}"
        demand(path.is_file(), f"{path} is missing")
        loaded[suffix] = load_dataset(kind, data_files=str(path), split="train")
    demand(loaded["jsonl"].num_rows > 0, f"{shape}.jsonl has no rows")
    columns = COLUMNS[shape]
    for suffix, rows in loaded.items():
        absent = [column for column in columns if column not in rows.column_names]
        demand(not absent, f"{shape}.{suffix} lacks {absent}; it has {rows.column_names}")
    plain = {suffix: [plain_of(row) for row in rows.select_columns(columns)] for suffix, rows in loaded.items()}
    demand(plain["jsonl"] == plain["parquet"], f"{shape}.jsonl and {shape}.parquet differ")
    return loaded["jsonl"]


def plain_of(value):
    """Without keys that hold None, which one format writes and the other omits."""
    if isinstance(value, dict):
        return {key: plain_of(inner) for key, inner in value.items() if inner is not None}
    return [plain_of(inner) for inner in value] if isinstance(value, list) else value


def check_links(rows, shape):
    for at, row in enumerate(rows):
        source_ids = (row.get("metadata") or {}).get("sourceIds")
        demand(isinstance(source_ids, list) and source_ids, f"row {at} of {shape} does not say what it was made of")


def check_sft(rows, tokenizer):
    for at, row in enumerate(rows):
        demand(is_conversational(row), f"row {at} of sft is no conversation")
        last = row["messages"][-1]
        demand(last["role"] == "assistant", f"row {at} of sft ends with a message of {last['role']}")
        text = maybe_apply_chat_template({"messages": plain_of(row["messages"])}, tokenizer)["text"]
        demand(text.endswith(f"{last['content']}<|im_end|>\n"), f"row {at} of sft ends otherwise as text: {text!r}")


def check_dpo(rows, tokenizer):
    pairs = rows.select_columns(COLUMNS["dpo"])
    for at, row in enumerate(plain_of(pair) for pair in pairs):
        demand(is_conversational(row), f"row {at} of dpo is no conversation")
        demand(maybe_extract_prompt(row) == row, f"row {at} of dpo: trl takes more for the prompt")
        whole = {side: row["prompt"] + row[side] for side in ("chosen", "rejected")}
        demand(extract_prompt(whole) == row, f"row {at} of dpo: trl finds another prompt in the whole conversations")
        texts = maybe_apply_chat_template(row, tokenizer)
        for side in ("chosen", "rejected"):
            content = row[side][-1]["content"]
            demand(texts[side].endswith(f"{content}<|im_end|>\n"), f"row {at} of dpo: {side} is {texts[side]!r} as text")
        demand(texts["chosen"] != texts["rejected"], f"row {at} of dpo has the same text on both sides")
        demand(texts["prompt"].endswith("<|im_start|>assistant\n"), f"row {at} of dpo: the prompt does not ask")
    unpaired = unpair_preference_dataset(pairs)
    demand(unpaired.num_rows == 2 * rows.num_rows, "unpaired, dpo has not twice the rows")


def check_kto(rows, tokenizer):
    for at, row in enumerate(plain_of(row) for row in rows.select_columns(COLUMNS["kto"])):
        demand(is_conversational(row), f"row {at} of kto is no conversation")
        demand(isinstance(row["label"], bool), f"row {at} of kto: the label is {row['label']!r}")
        texts = maybe_apply_chat_template(row, tokenizer)
        content = row["completion"][-1]["content"]
        demand(texts["completion"].endswith(f"{content}<|im_end|>\n"), f"row {at} of kto: as text {texts['completion']!r}")
    labels = set(rows["label"])
    demand(labels == {True, False}, f"kto has only the label {labels}")


CHECKS = {"sft": check_sft, "dpo": check_dpo, "kto": check_kto}
TRAINERS = {
    "sft": (trl.SFTConfig, trl.SFTTrainer),
    "dpo": (trl.DPOConfig, trl.DPOTrainer),
    "kto": (trl.KTOConfig, trl.KTOTrainer),
}


def train(shape, rows, tokenizer):
    """Runs one step of trl's own trainer on a model of a few thousand random weights. Returns its loss."""
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=2_048,
    )
    settings, trainer = TRAINERS[shape]
    with tempfile.TemporaryDirectory() as folder:
        # Trainers that compare with the original model load it a second time, from its folder.
        base = str(pathlib.Path(folder, "base"))
        LlamaForCausalLM(config).save_pretrained(base)
        tokenizer.save_pretrained(base)
        model = LlamaForCausalLM.from_pretrained(base)
        arguments = settings(
            output_dir=folder,
            max_steps=1,
            per_device_train_batch_size=2,
            max_length=1_024,
            report_to=[],
            save_strategy="no",
            use_cpu=True,
            bf16=False,
            disable_tqdm=True,
            logging_strategy="no",
        )
        running = trainer(
            model=model, args=arguments, train_dataset=rows.select_columns(COLUMNS[shape]), processing_class=tokenizer
        )
        running.remove_callback(PrinterCallback)
        demand(len(running.train_dataset) == rows.num_rows, f"of {rows.num_rows} rows of {shape} some fell out")
        loss = running.train().training_loss
    demand(loss == loss and loss not in (float("inf"), 0.0), f"the loss of {shape} is {loss}")
    return loss


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--no-training", action="store_true", help="only load and read the rows")
    options = parser.parse_args()
    warnings.simplefilter("ignore", FutureWarning)
    disable_progress_bars()
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    tokenizer = make_tokenizer()
    print(f"trl {trl.__version__}")
    for shape, check in CHECKS.items():
        try:
            rows = load(options.folder, shape)
            check(rows, tokenizer)
            check_links(rows, shape)
            loss = None if options.no_training else train(shape, rows, tokenizer)
        except Mismatch as mismatch:
            print(f"{shape}: {mismatch}", file=sys.stderr)
            sys.exit(1)
        trained = "" if loss is None else f", loss of one step {loss:.3f}"
        print(f"{shape}: {rows.num_rows} rows, columns {', '.join(rows.column_names)}{trained}", flush=True)


if __name__ == "__main__":
    main()
