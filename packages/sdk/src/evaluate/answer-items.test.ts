import { expect, test } from "vitest";
import { answerItems } from "./answer-items.ts";

const items = ["a", "b", "c"].map((itemId) => ({ itemId, inputs: { itemId }, expected: itemId }));
const shared = { repeats: 1, concurrency: 2 };

test("answers are in the order of items and repeats, however long each takes, within the concurrency limit", async () => {
  let [running, most] = [0, 0];
  const task = async ({ itemId }: { itemId: string }) => {
    most = Math.max(most, ++running);
    for (let turn = 0; turn < (itemId === "a" ? 20 : 1); turn++) await Promise.resolve();
    running -= 1;
    return itemId;
  };
  const answers = await answerItems({ items, dataset: null }, { ...shared, repeats: 2, task });
  expect(answers.map(({ output, repeat }) => `${output}${repeat}`)).toEqual(["a0", "a1", "b0", "b1", "c0", "c1"]);
  expect(most).toBe(2);
});

test("what a program throws is an answer that never came; what it asserts ends everything", async () => {
  const throws = (error: Error) =>
    answerItems(
      { items, dataset: null },
      { ...shared, task: ({ itemId }) => (itemId === "b" ? Promise.reject(error) : "yes") },
    );
  const limited = Object.assign(new Error("slow down"), { code: "rate_limited" });
  expect((await throws(limited)).map(({ error }) => error ?? null)).toEqual([
    null,
    { code: "rate_limited", message: "slow down" },
    null,
  ]);
  await expect(throws(Object.assign(new Error("no"), { name: "AssertionError" }))).rejects.toThrow("no");
});

test("items of a dataset are named only, and an answer that is no text is JSON", async () => {
  const dataset = { datasetId: "ds_1", version: "main" };
  const [answer] = await answerItems(
    { items: items.slice(0, 1), dataset },
    { ...shared, task: () => ({ topic: "refund" }) },
  );
  expect(answer).toMatchObject({ itemId: "a", output: '{"topic":"refund"}', message: null });
  expect(answer).not.toHaveProperty("inputs");
});
