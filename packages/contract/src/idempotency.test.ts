import { expect, test } from "vitest";
import { api } from "./api.ts";
import { acceptsIdempotencyKey, IDEMPOTENCY_KEY_PATTERN } from "./idempotency.ts";
import type { Route } from "./route.ts";

const routes = Object.entries<Route>(api);
const accepting = routes.filter(([endpoint, route]) => acceptsIdempotencyKey(endpoint, route));

test("every operation of the own API that creates something accepts a key, unless it has no caller", () => {
  const creating = routes.filter(
    ([endpoint, { status, permission }]) =>
      endpoint.startsWith("POST /api/v1/") && (status === 201 || status === 202) && permission !== "public",
  );
  expect(creating.length).toBeGreaterThan(60);
  const endpoints = accepting.map(([endpoint]) => endpoint);
  expect(creating.map(([endpoint]) => endpoint).filter((endpoint) => !endpoints.includes(endpoint))).toEqual([]);
  expect(
    accepting
      .filter(([, { status = 200 }]) => status === 200)
      .map(([, { name }]) => name)
      .sort(),
  ).toEqual([
    "addFeedbackToDataset",
    "changeDatasetItems",
    "giveFeedbackBatch",
    "restoreDatasetVersion",
    "saveOptimisedPrompt",
  ]);
});

test("formats of other APIs, bytes, streams and public operations accept none", () => {
  for (const [, { wire, errors, takes = "json", answer = "json", permission }] of accepting)
    expect([wire, errors, takes, answer, permission === "public"]).toEqual([
      undefined,
      undefined,
      "json",
      "json",
      false,
    ]);
});

test("a mark on an operation that cannot accept a key does not exist", () => {
  const marked = routes.filter(([, { creates }]) => creates);
  expect(marked.filter((entry) => !accepting.includes(entry))).toEqual([]);
});

test("a key has 1 to 255 printable ASCII characters", () => {
  for (const key of ["a", "~ !", "x".repeat(255)]) expect(IDEMPOTENCY_KEY_PATTERN.test(key)).toBe(true);
  for (const key of ["", "x".repeat(256), "ü", "a\nb", "a\n", "\u007f"])
    expect(IDEMPOTENCY_KEY_PATTERN.test(key)).toBe(false);
});
