import { SweepInput } from "@treadle/contract";
import { expect, test } from "vitest";
import { BEGUN, newDimension, readSweep } from "./sweep-draft.ts";

const config = { base_model: "tiny" };
const draft = { ...BEGUN, name: "Wider" };

test("the form that nobody has touched but for a name is a search that the contract takes", () => {
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

test("what is missing or wrong stands where it is", () => {
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
    name: "Give it a name.",
    trials: "Give at least one.",
    a: "The first has to be less than the second.",
    b: "Choose a setting.",
    c: "Give values with commas between them.",
  });
});

test("one setting is searched once, and words stay words", () => {
  const words = { ...newDimension("a"), path: "lr_scheduler", values: "cosine, linear" };
  expect(readSweep({ ...draft, dimensions: [words] }, config).body?.search).toEqual({
    lr_scheduler: { values: ["cosine", "linear"] },
  });
  expect(readSweep({ ...draft, dimensions: [words, { ...words, id: "b" }] }, config).problems).toEqual({
    b: "This setting is there twice.",
  });
});

test("powers begin above nothing, and a search without a configuration is none", () => {
  const range = { ...newDimension("a"), path: "beta", kind: "range" as const, min: "0", max: "1", log: true };
  expect(readSweep({ ...draft, dimensions: [range] }, config).problems.a).toContain("above 0");
  expect(readSweep(draft, undefined).body).toBeUndefined();
});
