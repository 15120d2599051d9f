import { expect, test } from "vitest";
import { newId, newSpanId, newTraceId } from "./ids.ts";

test("ids made one after another sort in that order, within a millisecond too", () => {
  const ids = Array.from({ length: 20_000 }, () => newId("job"));
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  const atOnce = Array.from({ length: 20_000 }, () => newId("job", 1_750_000_000_000));
  expect(atOnce.toSorted()).toEqual(atOnce);
});

test("an id is its prefix, its time and what tells it apart, each of a fixed length", () => {
  for (const now of [0, 1, 1_750_000_000_000, 2 ** 48 - 1])
    expect(newId("key", now)).toMatch(/^key_[0-9a-hjkmnp-tv-z]{26}$/);
  expect(newId("key", 1_000).slice(0, 14)).toBe(newId("key", 1_000).slice(0, 14));
  expect(newId("key", 1_000) < newId("key", 1_001)).toBe(true);
});

test("ids of different milliseconds, as of different processes, share nothing but their prefix and time", () => {
  const starts = Array.from({ length: 50 }, (_, turn) => newId("key", turn).slice(14));
  expect(new Set(starts).size).toBe(50);
});

test("trace and span ids are hexadecimal and never the same", () => {
  const ids = Array.from({ length: 2_000 }, () => [newTraceId(), newSpanId()]).flat();
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => /^([0-9a-f]{32}|[0-9a-f]{16})$/.test(id))).toBe(true);
});
