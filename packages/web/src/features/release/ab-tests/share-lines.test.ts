import { expect, test } from "vitest";
import { shareLines } from "./share-lines.ts";

type Test = Parameters<typeof shareLines>[0];
type Changes = Parameters<typeof shareLines>[1];

const iso = (seconds: number) => new Date(seconds * 1_000).toISOString();
const RUNNING = {
  arms: [
    { variant: "a", share: 0.5 },
    { variant: "b", share: 0.5 },
  ],
  startedAt: iso(0),
  endedAt: null,
} as unknown as Test;
const changeAt = (seconds: number, a: number) => ({
  at: iso(seconds),
  shares: [
    { variant: "a", share: a },
    { variant: "b", share: 1 - a },
  ],
});
/** Newest first, as the API lists them. */
const changes = (nextCursor: string | null) =>
  ({ items: [changeAt(120, 0.25), changeAt(60, 0.75)], nextCursor }) as unknown as Changes;

test("shares are drawn as steps from the start of the test until now", () =>
  expect(shareLines(RUNNING, changes(null), 200_000)).toEqual({
    times: [0, 59, 60, 119, 120, 200],
    values: [
      [0.5, 0.5, 0.75, 0.75, 0.25, 0.25],
      [0.5, 0.5, 0.25, 0.25, 0.75, 0.75],
    ],
  }));

test("they end with the test, and begin with the oldest change that was read", () =>
  expect(shareLines({ ...RUNNING, endedAt: iso(150) }, changes("more"), 200_000).times).toEqual([60, 119, 120, 150]));

test("a test without a change has its fixed shares", () =>
  expect(shareLines(RUNNING, { items: [], nextCursor: null }, 200_000)).toEqual({
    times: [0, 200],
    values: [
      [0.5, 0.5],
      [0.5, 0.5],
    ],
  }));
