import { expect, test } from "vitest";
import { AppError } from "../../kernel/errors.ts";
import { embedInHalves } from "./embed-in-halves.ts";

const { signal } = new AbortController();
const texts = ["a", "bb", "ccc", "dddd", "eeeee"];

/** A model that finishes at most so many texts within its time limit. */
function createModel(most: number, fail: () => Error = () => new AppError("model_failed")) {
  const batches: number[] = [];
  const embed = async (batch: readonly string[]) => {
    batches.push(batch.length);
    if (batch.length > most) throw fail();
    return batch.map(({ length }) => [length]);
  };
  return { batches, embed: embedInHalves(embed) };
}

test("a batch that exceeds the time limit is halved, and the vectors keep the order of the texts", async () => {
  const { batches, embed } = createModel(2);
  expect(await embed(texts, signal)).toEqual([[1], [2], [3], [4], [5]]);
  expect(batches).toEqual([5, 2, 3, 1, 2]);
});

test("a batch within the time limit is one request", async () => {
  const { batches, embed } = createModel(5);
  await embed(texts, signal);
  expect(batches).toEqual([5]);
});

test("a single text that fails is not repeated", async () => {
  const { batches, embed } = createModel(0);
  await expect(embed(texts, signal)).rejects.toMatchObject({ code: "model_failed" });
  expect(batches).toEqual([5, 2, 1]);
});

test("another error and an aborted request are not repeated", async () => {
  const other = createModel(2, () => new AppError("overloaded"));
  await expect(other.embed(texts, signal)).rejects.toMatchObject({ code: "overloaded" });
  expect(other.batches).toEqual([5]);
  const waiting = createModel(2, () => new AppError("model_failed", { retryAfterSeconds: 8 }));
  await expect(waiting.embed(texts, signal)).rejects.toMatchObject({ retryAfterSeconds: 8 });
  expect(waiting.batches).toEqual([5]);
  const aborted = createModel(2);
  await expect(aborted.embed(texts, AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
  expect(aborted.batches).toEqual([5]);
});
