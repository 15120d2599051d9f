import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createRecentLines } from "./recent-lines.ts";

const newId = () => `fb_${randomBytes(16).toString("hex")}`;
const lineOf = (id: string, text = "") => JSON.stringify({ id, text });

test("the newest lines are found by their ids, whatever is in them, and the oldest are forgotten", () => {
  const recent = createRecentLines(4_000);
  const ids = Array.from({ length: 200 }, newId);
  const texts = ids.map((_, at) => ["plain", "Größe 🧶", "a\nb", ""][at % 4] ?? "");
  for (const [at, id] of ids.entries()) recent.add(id, lineOf(id, texts[at]));
  const found = ids.map((id) => recent.get(id));
  const first = found.findIndex((line) => line !== null);
  expect(first).toBeGreaterThan(50);
  expect(first).toBeLessThan(160);
  for (let at = first; at < ids.length; at++) expect(found[at]).toBe(lineOf(ids[at] ?? "", texts[at]));
});

test("what was never added, what has no such id and what is too long is not found", () => {
  const recent = createRecentLines(1_000);
  const [id, long] = [newId(), newId()];
  expect(recent.get(id)).toBeNull();
  recent.add("fb_of-a-key", lineOf("fb_of-a-key"));
  recent.add(long, lineOf(long, "x".repeat(1_000)));
  recent.add(id, lineOf(id));
  expect([recent.get("fb_of-a-key"), recent.get(long), recent.get(newId())]).toEqual([null, null, null]);
  expect(recent.get(id)).toBe(lineOf(id));
});

test("of the same id the newest line counts", () => {
  const recent = createRecentLines(1_000);
  const id = newId();
  for (const text of ["one", "two"]) recent.add(id, lineOf(id, text));
  expect(recent.get(id)).toBe(lineOf(id, "two"));
});
