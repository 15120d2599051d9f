import { expect, test } from "vitest";
import { configSchema, nearestOf, readConfig, requireConfig } from "./read-config.ts";

const least = { base_model: "smollm2-135m-instruct", datasets: [{ ref: "support@3" }] };

test("what is left out has a default, and YAML says the same as an object", () => {
  const { config, problems, warnings } = readConfig(least);
  expect({ problems, warnings }).toEqual({ problems: [], warnings: [] });
  expect(config).toMatchObject({
    method: "sft",
    adapter: "lora",
    sequence_len: 512,
    train_on: "assistant",
    learning_rate: "auto",
    lora: { r: 16, alpha: 32, dropout: 0, target: "all-linear" },
    val: { fraction: 0.1, group_by: null },
    save: { every: 20, keep: 3, keep_best: true },
    export: { gguf: "adapter", gguf_type: "f16" },
  });
  expect(readConfig("base_model: smollm2-135m-instruct\ndatasets:\n  - ref: support@3\n").config).toEqual(config);
});

test("a file of Axolotl is understood", () => {
  const yaml = `
base_model: smollm2
rl: dpo
datasets: [{path: prefs@2, type: preference, split: train}]
val_set_size: 0.2
sequence_len: 256
adapter: lora
lora_r: 8
lora_alpha: 16
lora_target_linear: true
micro_batch_size: 2
num_epochs: 2
learning_rate: 0.0001
warmup_ratio: 0.1
early_stopping_patience: 4
rl_beta: 0.2
output_dir: ./out
`;
  const { config, warnings, problems } = readConfig(yaml);
  expect(problems).toEqual([]);
  expect(config).toMatchObject({
    method: "dpo",
    beta: 0.2,
    warmup: 0.1,
    num_epochs: 2,
    sequence_len: 256,
    val: { fraction: 0.2 },
    datasets: [{ ref: "prefs@2", format: "preference", split: "train" }],
    lora: { r: 8, alpha: 16, target: "all-linear" },
    eval: { patience: 4 },
  });
  expect(warnings).toEqual(["`output_dir` has no effect here and is ignored."]);
});

test("a file of LLaMA-Factory and one of TRL are understood", () => {
  const factory = readConfig({
    model_name_or_path: "m",
    stage: "rm",
    dataset: "a@1, b@2",
    template: "model",
    finetuning_type: "full",
    cutoff_len: 128,
    per_device_train_batch_size: 4,
    num_train_epochs: 1,
    lora_target: "all",
    bf16: false,
  });
  expect(factory.problems).toEqual([]);
  expect(factory.config).toMatchObject({
    base_model: "m",
    method: "reward",
    adapter: "none",
    sequence_len: 128,
    micro_batch_size: 4,
    datasets: [{ ref: "a@1" }, { ref: "b@2" }],
    precision: "auto",
    lora: { target: "all-linear" },
  });
  const trl = readConfig({
    ...least,
    max_length: 64,
    completion_only_loss: true,
    warmup_steps: 0.1,
    lora_target_modules: "q_proj,v_proj",
  });
  expect(trl.config).toMatchObject({
    sequence_len: 64,
    train_on: "completion",
    warmup: 0.1,
    lora: { target: ["q_proj", "v_proj"] },
  });
});

test.each([
  [{ ...least, learning_rat: 1 }, "learning_rat", "did you mean `learning_rate`?"],
  [{ ...least, lora: { rank: 8, alfa: 1 } }, "lora.alfa", "did you mean `alpha`?"],
  [{ ...least, lora: { rr: 8 } }, "lora.rr", "did you mean `r`?"],
  [{ ...least, datasets: [{ ref: "a", splitt: "x" }] }, "datasets.0.splitt", "did you mean `split`?"],
  [{ ...least, completely_else: 1 }, "completely_else", "is not a key"],
  [{ ...least, constructor: 1 }, "constructor", "is not a key"],
  [JSON.parse('{"__proto__": {}}'), "__proto__", "is not a key"],
  [{ ...least, datasets: [{ ref: "a", toString: 1 }] }, "datasets.0.toString", "is not a key"],
  [{ ...least, stage: "constructor" }, "method", "must be one of"],
  [{ base_model: "m" }, "datasets", "is missing"],
  [{ ...least, load_in_4bit: true }, "load_in_4bit", "needs a GPU"],
  [{ ...least, adapter: "qlora" }, "adapter", "needs a GPU"],
  [{ ...least, num_epochs: 1, max_steps: 5 }, "max_steps", "set one of them"],
  [{ ...least, method: "kto" }, "micro_batch_size", "at least 2"],
  [{ ...least, sequence_len: 256, cutoff_len: 128 }, "cutoff_len", "again, to a different value"],
  [{ ...least, chat_template: "/etc/passwd" }, "chat_template", "or the text of a Jinja template"],
  [{ ...least, warmup_steps: 100 }, "warmup", "at most 1"],
  [{ ...least, learning_rate: "quick" }, "learning_rate", "auto"],
  [{ ...least, launcher: { type: "cloud" } }, "launcher.type", "must be one of local, torchrun, ray"],
  [{ ...least, launcher: { type: "ray" } }, "launcher.target", "is missing"],
  [{ ...least, launcher: { type: "torchrun", processes: 3 } }, "gradient_accumulation_steps", "multiple of"],
  ["a: [", "", "not valid YAML"],
  [["x"], "", "The configuration is not an object"],
])("%j is refused at its place", (given, path, words) => {
  const { config, problems } = readConfig(given);
  expect(config).toBeNull();
  expect(problems.find((problem) => problem.path === path)?.message).toContain(words);
});

test("a key that says the same in two words is no contradiction", () => {
  expect(readConfig({ ...least, sequence_len: 128, cutoff_len: 128 }).problems).toEqual([]);
});

test("the first thing that is wrong is the sentence of the refusal", () => {
  expect(() => requireConfig({ ...least, lora_q: 1, foo: 2 })).toThrow(/^lora_q: is not a key .*\(and 1 more\)$/);
});

test("nothing is suggested for what is like nothing", () => {
  expect(nearestOf("zzzzzzzz", ["alpha", "beta"])).toBeNull();
});

test("the schema names every key with its words", () => {
  expect(configSchema()).toMatchObject({ properties: { base_model: { description: expect.any(String) }, lora: {} } });
});
