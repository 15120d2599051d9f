import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { openJournal } from "./open.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function openTest(folder = mkdtempSync(join(tmpdir(), "journal-")), linesBytes?: number) {
  if (!folders.includes(folder)) folders.push(folder);
  const warnings: unknown[] = [];
  const complain = (fields: object) => warnings.push(fields);
  const log = { debug: () => {}, info: () => {}, warn: complain, error: complain };
  const options = { folder, name: "state.jsonl", log, ...(linesBytes !== undefined && { linesBytes }) };
  return { folder, path: join(folder, "state.jsonl"), warnings, ...openJournal(options) };
}

test("every line is there after a run that ended without a close", () => {
  const first = openTest();
  first.append({ a: 1 });
  first.append({ b: 2 });
  const second = openTest(first.folder);
  expect([second.snapshot, second.lines]).toEqual([null, [{ a: 1 }, { b: 2 }]]);
});

test("a close leaves a snapshot and no lines", async () => {
  const first = openTest();
  first.append({ a: 1 });
  await first.close(() => ({ total: 1 }));
  const second = openTest(first.folder);
  second.append({ c: 3 });
  expect([second.snapshot, second.lines]).toEqual([{ total: 1 }, []]);
  expect(openTest(first.folder).lines).toEqual([{ c: 3 }]);
});

test("a line that a crash cut off is dropped, and the next line starts after the last whole one", () => {
  const first = openTest();
  first.append({ a: 1 });
  appendFileSync(first.path, '{"b":');
  const second = openTest(first.folder);
  second.append({ c: 3 });
  expect(openTest(first.folder).lines).toEqual([{ a: 1 }, { c: 3 }]);
});

test("a damaged line is skipped with a warning", () => {
  const first = openTest();
  first.append({ a: 1 });
  appendFileSync(first.path, "damaged\n");
  first.append({ c: 3 });
  const second = openTest(first.folder);
  expect(second.lines).toEqual([{ a: 1 }, { c: 3 }]);
  expect(second.warnings).toHaveLength(1);
});

test("long lines are replaced by a snapshot", () => {
  const first = openTest(undefined, 100);
  first.append({ a: 1 });
  first.compact(() => ({ total: "too early" }));
  for (let line = 0; line < 20; line++) first.append({ line });
  first.compact(() => ({ total: 21 }));
  first.append({ after: true });
  expect(readFileSync(first.path, "utf8")).toBe('{"total":21}\n{"after":true}\n');
  expect(existsSync(`${first.path}.next`)).toBe(false);
});
