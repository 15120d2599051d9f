import { SweepInput } from "@treadle/contract";
import { expect, test } from "vitest";
import { BEGUN, newDimension, readSweep } from "./sweep-draft.ts";

const config = { base_model: "tiny" };
const draft = { ...BEGUN, name: "Wider" };

test("an empty form with a name is a valid sweep", () => {
  const { body, problems } = readSweep(draft, config);
  expect(problems).toEqual({});
  expect(SweepInput.parse(body)).toMatchObject({
    search: {
      learning_rate: { min: 0.00002, max: 0.002, log: true, whole: false },
      "lora.r": { values: [4, 8, 16] },
    },
    trials: 12,
    repeats: 3,
  });
});

test("missing or invalid fields are reported by field", () => {
  const range = { ...newDimension("a"), path: "warmup", kind: "range" as const, min: "0.2", max: "0.1" };
  const { body, problems } = readSweep(
    {
      ...draft,
      name: " ",
      trials: null,
      dimensions: [range, newDimension("b"), { ...newDimension("c"), path: "beta" }],
    },
    config,
  );
  expect(body).toBeUndefined();
  expect(problems).toEqual({
    name: "Enter a name.",
    trials: "Enter at least 1.",
    a: "The minimum must be less than the maximum.",
    b: "Choose a setting.",
    c: "Enter values separated by commas.",
  });
});

test("a setting is searched only once, and words stay text", () => {
  const words = { ...newDimension("a"), path: "lr_scheduler", values: "cosine, linear" };
  expect(readSweep({ ...draft, dimensions: [words] }, config).body?.search).toEqual({
    lr_scheduler: { values: ["cosine", "linear"] },
  });
  expect(readSweep({ ...draft, dimensions: [words, { ...words, id: "b" }] }, config).problems).toEqual({
    b: "This setting is already in the sweep.",
  });
});

test("a log scale starts above 0, and a sweep needs a configuration", () => {
  const range = { ...newDimension("a"), path: "beta", kind: "range" as const, min: "0", max: "1", log: true };
  expect(readSweep({ ...draft, dimensions: [range] }, config).problems.a).toContain("above 0");
  expect(readSweep(draft, undefined).body).toBeUndefined();
});
