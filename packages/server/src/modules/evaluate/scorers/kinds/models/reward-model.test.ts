import { afterAll, beforeAll, expect, test } from "vitest";
import { openScorers } from "../../testing/open-scorers.ts";

let world: Awaited<ReturnType<typeof openScorers>>;
beforeAll(async () => {
  world = await openScorers();
});
afterAll(() => world.close());

// The reward model of these tests gives an answer its length minus 5, and reports the length of the messages as JSON as tokens.
const model = "likes-length@v1";
const score = (sample: object, params: object = { model }) => world.try({ kind: "reward-model", params }, sample);

test("an answer gets the reward, the model version that scored, and a probability", async () => {
  const sample = { output: "a long answer", input: "Why?" };
  expect(await score(sample)).toMatchObject({
    state: "scored",
    value: 8,
    signature: "reward-model|model:likes-length@v1",
    details: { model, probability: expect.closeTo(1 / (1 + Math.exp(-8)), 12) },
  });
  expect(await score({ ...sample, output: "no" })).toMatchObject({
    value: -3,
    details: { probability: expect.closeTo(1 / (1 + Math.exp(3)), 12) },
  });
});

test("the model reads the messages that were sent, with texts for parts and roles that chat templates know", async () => {
  const messages = [
    { role: "developer", content: "Be brief." },
    { role: "user", content: [{ type: "text", text: "Why?" }] },
  ];
  const read = [
    { role: "system", content: "Be brief." },
    { role: "user", content: "Why?" },
  ];
  const { details } = await score({ output: "because", messages, input: "something else" });
  expect(details?.tokens).toBe(JSON.stringify(read).length);
});

test("an empty answer and an answer to nothing are undefined", async () => {
  expect(await score({ output: " ", input: "Why?" })).toMatchObject({ state: "undefined", value: null });
  expect(await score({ output: "because" })).toMatchObject({
    state: "undefined",
    reason: expect.stringContaining("no conversation"),
  });
});

test("a version that is not a reward model is a failure with its reason, and so is a key that may not ask models", async () => {
  const sample = { output: "because", input: "Why?" };
  expect(await score(sample, { model: "chatty@v2" })).toMatchObject({
    state: "failed",
    value: null,
    reason: expect.stringContaining("not a reward model"),
  });
  const reader = { ...world.scope, permissions: new Set(["scorers:write"] as const) };
  expect(await world.try({ kind: "reward-model", params: { model } }, sample, reader)).toMatchObject({
    state: "failed",
    details: { errorCode: "forbidden" },
  });
});
