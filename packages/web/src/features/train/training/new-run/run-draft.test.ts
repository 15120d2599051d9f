import { TrainingConfig } from "@treadle/contract";
import { expect, test } from "vitest";
import { z } from "zod";
import { ApiError } from "../../../../api.ts";
import {
  BEGUN,
  configOf,
  draftFrom,
  PROVIDER_USUAL,
  partsOf,
  problemsByPath,
  problemsIn,
  providerPart,
  type RunDraft,
  refusalOf,
} from "./run-draft.ts";

const SETS = [{ datasetId: "ds_1", name: "answers" }];
const draft = { ...BEGUN, base: "smollm2", datasetId: "ds_1" };

test("a form without a base model or data is not a configuration", () => {
  expect(configOf(BEGUN, SETS)).toBeUndefined();
  expect(configOf({ ...BEGUN, base: "smollm2" }, SETS)).toBeUndefined();
  expect(configOf({ ...BEGUN, datasetId: "ds_1" }, SETS)).toBeUndefined();
});

test("a form becomes a valid configuration", () => {
  const config = configOf({ ...draft, version: "3", samples: "Hello?\n\n Why? \n", groups: { lora: { r: 8 } } }, SETS);
  const read = TrainingConfig.parse(config);
  expect(read).toMatchObject({
    base_model: "smollm2",
    datasets: [{ ref: "answers@3" }],
    num_epochs: 1,
    max_steps: null,
    learning_rate: "auto",
    lora: { r: 8, alpha: 32 },
    eval: { samples: ["Hello?", "Why?"], every: 20 },
  });
});

test("steps replace epochs and are never sent together", () => {
  const read = TrainingConfig.parse(configOf({ ...draft, amount: "steps", steps: 12 }, SETS));
  expect([read.num_epochs, read.max_steps]).toEqual([null, 12]);
});

test("a run survives a round trip through the form", () => {
  const config = TrainingConfig.parse(
    configOf(
      {
        ...draft,
        amount: "steps",
        steps: 7,
        learningRate: 0.001,
        samples: "Hello?",
        settings: { sequence_len: 64, seed: 5 },
        groups: { lora: { r: 4 }, eval: { every: 3 }, budget: { max_minutes: 9 } },
      },
      SETS,
    ),
  );
  const data = { format: "chat", train: 1, val: 0, skipped: 0 };
  const source = { ref: "x", datasetId: "ds_1", fileId: null, version: null, root: null, rows: 1 };
  const again = draftFrom({ config, name: "mine", data: { ...data, sources: [source] } });
  expect(TrainingConfig.parse(configOf(again, SETS))).toEqual({ ...config, name: "mine" });
});

test("a prompt is sent with the dataset, and is part of a duplicated run", () => {
  const prompt = [
    { role: "system" as const, content: "Name the intent." },
    { role: "user" as const, content: "{{text}}" },
  ];
  const config = TrainingConfig.parse(configOf({ ...draft, prompt, target: "expected.intent" }, SETS));
  expect(config.datasets).toMatchObject([{ prompt, target: "expected.intent" }]);
  expect(draftFrom({ config, name: "mine", data: null })).toMatchObject({ prompt, target: "expected.intent" });
  expect(TrainingConfig.parse(configOf({ ...draft, prompt }, SETS)).datasets[0]?.target).toBe("expected");
});

test("the compute place is sent, except for this machine", () => {
  const launcher = { type: "ray", target: "cluster" } as const;
  const config = TrainingConfig.parse(configOf({ ...draft, launcher }, SETS));
  expect(config.launcher).toEqual(launcher);
  expect(draftFrom({ config, name: "mine", data: null }).launcher).toEqual(launcher);
  expect(configOf({ ...draft, launcher: { type: "local" } }, SETS)).not.toHaveProperty("launcher");
});

const atProvider = {
  ...draft,
  epochs: null,
  launcher: { ...PROVIDER_USUAL, type: "provider", connection: "openai", model: "small" },
} as const;

test("a provider run sends its model, and no settings that providers ignore", () => {
  const typed: RunDraft = {
    ...atProvider,
    amount: "steps",
    learningRate: 0.1,
    samples: "Hello?",
    adapter: "none",
    settings: { sequence_len: 64, seed: 5 },
    groups: { lora: { r: 4 }, budget: { max_minutes: 9 }, val: { fraction: 0.2 }, export: { gguf: "none" } },
  };
  const config = configOf(typed, SETS);
  expect(Object.keys(config ?? {}).toSorted()).toEqual(
    ["base_model", "datasets", "export", "launcher", "method", "seed", "val"].toSorted(),
  );
  expect(TrainingConfig.parse(config)).toMatchObject({
    base_model: "small",
    num_epochs: null,
    seed: 5,
    val: { fraction: 0.2 },
    launcher: { type: "provider", connection: "openai", model: null },
  });
  const nameless = { ...atProvider, launcher: { ...atProvider.launcher, model: null } };
  expect(configOf(nameless, SETS)).toBeUndefined();
});

test("a provider run survives a round trip through the form, even if the file names the model twice", () => {
  const config = TrainingConfig.parse(configOf({ ...atProvider, epochs: 3 }, SETS));
  const data = { format: "chat", train: 1, val: 0, skipped: 0 };
  const source = { ref: "x", datasetId: "ds_1", fileId: null, version: null, root: null, rows: 1 };
  const again = draftFrom({ config, name: "mine", data: { ...data, sources: [source] } });
  expect(again).toMatchObject({ base: "", epochs: 3, launcher: { model: "small" } });
  expect(TrainingConfig.parse(configOf(again, SETS))).toEqual({ ...config, name: "mine" });
  const twice = {
    ...config,
    base_model: "a-name",
    num_epochs: null,
    launcher: { ...atProvider.launcher, model: "real" },
  };
  expect(draftFrom({ config: twice, name: "mine", data: null })).toMatchObject({
    epochs: null,
    launcher: { model: "real" },
  });
});

test("the provider schema has only the settings that a provider uses", () => {
  const schema = z.toJSONSchema(TrainingConfig, { io: "input", unrepresentable: "any" });
  const { single, groups } = partsOf(schema, true);
  const names = (part: unknown) =>
    typeof part === "object" && part !== null && "properties" in part ? Object.keys(part.properties ?? {}) : [];
  expect(names(single).toSorted()).toEqual(["beta", "on_bad_rows", "seed"]);
  expect(groups.map(([name, part]) => [name, names(part)])).toEqual([
    ["val", ["split", "fraction", "group_by"]],
    ["export", ["register"]],
  ]);
  expect(names(providerPart(schema)).toSorted()).toEqual(Object.keys(PROVIDER_USUAL).toSorted());
  expect(providerPart(undefined)).toEqual({ type: "object", properties: {} });
});

test("the error of a failed start is shown at the field that caused it", () => {
  const refused = (details: unknown) =>
    refusalOf(
      new ApiError({ status: 404, code: "not_found", message: "launcher.connection: there is none.", details }),
    );
  expect(refused({ param: "launcher.connection" })).toEqual({ "launcher.connection": "there is none." });
  expect([refused(null), refused({ kind: "dataset" }), refusalOf(null)]).toEqual([{}, {}, {}]);
});

test("every part of the schema has its own field or a generated form", () => {
  const schema = z.toJSONSchema(TrainingConfig, { io: "input", unrepresentable: "any" });
  const { single, groups } = partsOf(schema);
  expect(groups.map(([name]) => name).toSorted()).toEqual(["budget", "eval", "export", "lora", "save", "val"]);
  expect(JSON.stringify(single)).toContain("sequence_len");
  expect(JSON.stringify(single)).not.toContain("base_model");
  expect(JSON.stringify(groups)).not.toContain('"samples"');
});

test("server errors are shown at their fields", () => {
  const problems = problemsByPath([
    { path: "lora.r", message: "too big" },
    { path: "lora.r", message: "and odd" },
    { path: "seed", message: "no number" },
  ]);
  expect(problems).toEqual({ "lora.r": "too big", seed: "no number" });
  expect(problemsIn(problems, "lora")).toEqual({ r: "too big" });
});
