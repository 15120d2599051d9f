import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createRecentLines } from "./recent-lines.ts";

const newId = () => `fb_${randomBytes(16).toString("hex")}`;
const lineOf = (id: string, text = "") => JSON.stringify({ feedback_id: id, text });
/** As in the spool: one record, or one record each. */
const together = (lines: readonly string[]) => [
  { table: "feedback", lines: Buffer.from(lines.join("\n")), rows: lines.length },
];
const apart = (lines: readonly string[]) => lines.flatMap((line) => together([line]));

test("the newest lines are found by their ids, whatever is in them, and the oldest are forgotten", () => {
  const recent = createRecentLines(60_000);
  const ids = Array.from({ length: 2_000 }, newId);
  const texts = ids.map((_, at) => ["plain", "Größe 🧶", "a\nb", ""][at % 4] ?? "");
  for (let from = 0; from < ids.length; from += 4) {
    const own = ids.slice(from, from + 4);
    const lines = own.map((id, at) => lineOf(id, texts[from + at]));
    const group = from % 8 === 0 ? together(lines) : apart(lines);
    for (const id of own) recent.add(id, group);
  }
  const values = ids.map((id) => recent.get(id));
  const first = values.findIndex((line) => line !== null);
  expect(first).toBeGreaterThan(500);
  expect(first).toBeLessThan(1_400);
  for (let at = first; at < ids.length; at++) expect(values[at]).toBe(lineOf(ids[at] ?? "", texts[at]));
});

test("what was never added, what has no such id and what is too long is not found", () => {
  const recent = createRecentLines(1_000);
  const [id, long] = [newId(), newId()];
  expect(recent.get(id)).toBeNull();
  recent.add("fb_of-a-key", together([lineOf("fb_of-a-key")]));
  recent.add(long, together([lineOf(long, "x".repeat(1_000))]));
  recent.add(id, together([lineOf(id)]));
  expect([recent.get("fb_of-a-key"), recent.get(long), recent.get(newId())]).toEqual([null, null, null]);
  expect(recent.get(id)).toBe(lineOf(id));
});

test("of the same id the newest line counts, and a text that looks like one does not", () => {
  const recent = createRecentLines();
  const id = newId();
  const talked = lineOf(newId(), `"feedback_id":"${id}"`);
  for (const group of [[lineOf(id, "one")], [talked, lineOf(id, "two"), lineOf(id, "three"), talked]])
    recent.add(id, together(group));
  expect(recent.get(id)).toBe(lineOf(id, "three"));
});
