import { TrainingConfig } from "@treadle/contract";
import { expect, test } from "vitest";
import { z } from "zod";
import { BEGUN, configOf, draftFrom, partsOf, problemsByPath, problemsIn } from "./run-draft.ts";

const SETS = [{ datasetId: "ds_1", name: "answers" }];
const draft = { ...BEGUN, base: "smollm2", datasetId: "ds_1" };

test("a form without a base or data is no configuration yet", () => {
  expect(configOf(BEGUN, SETS)).toBeUndefined();
  expect(configOf({ ...BEGUN, base: "smollm2" }, SETS)).toBeUndefined();
  expect(configOf({ ...BEGUN, datasetId: "ds_1" }, SETS)).toBeUndefined();
});

test("a form is a configuration that the contract takes", () => {
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

test("steps are asked for instead of epochs, never beside them", () => {
  const read = TrainingConfig.parse(configOf({ ...draft, amount: "steps", steps: 12 }, SETS));
  expect([read.num_epochs, read.max_steps]).toEqual([null, 12]);
});

test("a run as a form is the same configuration again", () => {
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

test("where a run trains goes along, and is left out for this machine", () => {
  const launcher = { type: "ray", target: "cluster" } as const;
  const config = TrainingConfig.parse(configOf({ ...draft, launcher }, SETS));
  expect(config.launcher).toEqual(launcher);
  expect(draftFrom({ config, name: "mine", data: null }).launcher).toEqual(launcher);
  expect(configOf({ ...draft, launcher: { type: "local" } }, SETS)).not.toHaveProperty("launcher");
});

test("every part of the schema is drawn, by hand or as a form of its own", () => {
  const schema = z.toJSONSchema(TrainingConfig, { io: "input", unrepresentable: "any" });
  const { single, groups } = partsOf(schema);
  expect(groups.map(([name]) => name).toSorted()).toEqual(["budget", "eval", "export", "lora", "save", "val"]);
  expect(JSON.stringify(single)).toContain("sequence_len");
  expect(JSON.stringify(single)).not.toContain("base_model");
  expect(JSON.stringify(groups)).not.toContain('"samples"');
});

test("what the server says is shown where it belongs", () => {
  const problems = problemsByPath([
    { path: "lora.r", message: "too big" },
    { path: "lora.r", message: "and odd" },
    { path: "seed", message: "no number" },
  ]);
  expect(problems).toEqual({ "lora.r": "too big", seed: "no number" });
  expect(problemsIn(problems, "lora")).toEqual({ r: "too big" });
});
