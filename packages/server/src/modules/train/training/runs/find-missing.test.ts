import { afterAll, beforeAll, expect, test } from "vitest";
import { chat, type OpenTraining, openTraining, scope } from "../testing/open-training.ts";

let open: OpenTraining;
beforeAll(async () => {
  open = await openTraining({ set: [chat(1)], empty: [] });
}, 60_000);
afterAll(() => open?.close());

const validate = async (config: object) => {
  const { config: read, problems } = await open.training.validate(
    scope,
    { base_model: "tiny", datasets: [{ ref: "set" }], ...config },
    new AbortController().signal,
  );
  return { isValid: read !== null, problems: problems.map(({ path, message }) => `${path}: ${message}`) };
};

test("a configuration whose model and data exist is valid", async () => {
  expect(await validate({})).toEqual({ isValid: true, problems: [] });
  expect(await validate({ datasets: [{ ref: "empty" }, { ref: "set" }] })).toEqual({ isValid: true, problems: [] });
});

test("a missing base model and missing data are each named with their place", async () => {
  const { isValid, problems } = await validate({
    base_model: "nobody",
    datasets: [{ ref: "set@9" }, { ref: "set" }, { ref: "nothing" }],
  });
  expect(isValid).toBe(false);
  expect(problems).toEqual([
    'base_model: There is no model "nobody".',
    expect.stringContaining('datasets.0.ref: The dataset "set" has no version "9".'),
    expect.stringContaining('datasets.2.ref: There is no dataset "nothing" in this project.'),
  ]);
});

test("datasets without items are no data to train on", async () => {
  expect(await validate({ datasets: [{ ref: "empty" }] })).toEqual({
    isValid: false,
    problems: ["datasets: There is no data to train on: empty has no items. Add items and commit a version."],
  });
});

test("a provider's connection is looked for instead of the base model", async () => {
  const launcher = { type: "provider", connection: "nowhere" };
  const { problems } = await validate({ base_model: "nobody", launcher });
  expect(problems).toEqual([expect.stringMatching(/^launcher\.connection: there is no connection "nowhere"/)]);
});
