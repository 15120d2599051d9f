import { expect, test } from "vitest";
import { createBatchLoad } from "./batch-load.ts";

test("values that are wanted while a query runs share the next one, so a flood delays a right key by two queries", async () => {
  const queries: (readonly string[])[] = [];
  const load = createBatchLoad(async (keys) => {
    queries.push(keys);
    await new Promise((resolve) => setTimeout(resolve, 1));
    return new Map(keys.filter((key) => key === "right").map((key) => [key, "value"]));
  });
  const wrong = Array.from({ length: 400 }, (_, index) => load(`wrong ${index}`));
  expect(await load("right")).toBe("value");
  expect(queries.map(({ length }) => length)).toEqual([1, 400]);
  expect(new Set(await Promise.all(wrong))).toEqual(new Set([null]));
});

test("a query that fails rejects those it was for, and later ones are loaded", async () => {
  let isBroken = true;
  const load = createBatchLoad(async (keys) => {
    if (isBroken) throw new Error("the database is away");
    return new Map(keys.map((key) => [key, key]));
  });
  await expect(load("a")).rejects.toThrow("away");
  isBroken = false;
  expect(await load("a")).toBe("a");
});
