import { expect, test } from "vitest";
import type { Comparison } from "../shared/use-registry.ts";
import { dataRows, factRows, fileRows, scoreRows, settingRows, wordRows } from "./compare-words.ts";

type Side = Comparison["left"];
const score = (name: string, value: number, interval: [number, number] | null) => ({
  name,
  value,
  low: interval?.[0] ?? null,
  high: interval?.[1] ?? null,
  baseline: null,
  pValue: null,
  items: 100,
});
const side = (more: Partial<Side>): Side => ({
  versionId: "mv_1",
  name: "bot",
  version: 1,
  aliases: [],
  format: "gguf",
  formats: ["gguf"],
  stage: "none",
  facts: {
    architecture: "llama",
    parameters: 1,
    quantisation: null,
    contextTokens: null,
    rank: null,
    alpha: null,
    license: null,
  },
  base: null,
  data: [],
  runId: null,
  source: "file",
  sizeBytes: 1_000,
  fileCount: 1,
  sha256: "0",
  tags: {},
  notes: "",
  limits: "",
  license: null,
  licenseFrom: null,
  evaluation: null,
  canServe: true,
  whyNot: null,
  pending: null,
  training: null,
  remote: null,
  filesRemovedAt: null,
  createdBy: "Ada",
  createdAt: "2026-01-02T03:04:05Z",
  ...more,
});
const measured = (...scores: ReturnType<typeof score>[]) =>
  side({ evaluation: { verdict: "better", summary: "", experimentId: null, scores } });

test("scores are shown with their intervals and whether the intervals overlap", () => {
  const left = measured(score("exact", 0.5, [0.4, 0.6]), score("f1", 0.5, [0.45, 0.55]), score("only", 1, null));
  const right = measured(score("exact", 0.8, [0.7, 0.9]), score("f1", 0.48, [0.4, 0.56]));
  expect(scoreRows(left, right)).toMatchObject([
    { name: "Verdict", isSame: true },
    {
      left: "0.500 [0.400, 0.600], 100 items",
      right: "0.800 [0.700, 0.900], 100 items",
      change: "+0.300, intervals do not overlap",
    },
    { name: "f1", isSame: false, change: "−0.020, intervals overlap" },
    { name: "only", left: "1.000, 100 items", right: "not evaluated", isSame: false, change: undefined },
  ]);
  expect(scoreRows(side({}), side({}))).toEqual([]);
});

test("facts unknown to both sides are omitted, and a size shows its ratio", () => {
  const facts = [
    { name: "Architecture", left: "llama", right: "llama", isSame: true },
    { name: "Parameters", left: "1234567", right: "–", isSame: false },
    { name: "LoRA rank", left: "–", right: "–", isSame: true },
    { name: "Size in bytes", left: "1000", right: "2500", isSame: false },
  ];
  const rows = factRows({ left: side({}), right: side({ sizeBytes: 2_500 }), facts, files: [] });
  expect(rows.map(({ name }) => name)).toEqual(["Architecture", "Parameters", "Size", "Stage", "Aliases", "License"]);
  expect(rows[1]).toMatchObject({ left: "1,234,567", right: "–", isSame: false });
  expect(rows[2]).toMatchObject({ left: "1 kB", right: "2.5 kB", change: "2.5 times" });
  const [small] = factRows({
    left: side({ sizeBytes: 100_000 }),
    right: side({ sizeBytes: 548 }),
    facts: [],
    files: [],
  });
  expect(small).toMatchObject({ change: "0.5% of it" });
});

test("sizes with the same text can still differ", () => {
  const [size] = factRows({ left: side({}), right: side({ sizeBytes: 1_001 }), facts: [], files: [] });
  expect(size).toMatchObject({ left: "1 kB", right: "1 kB", isSame: false });
});

test("settings are distinguished by their full path", () => {
  expect(settingRows({ lora: { r: 8, alpha: 16 }, name: "a" }, { lora: { r: 16, alpha: 16 } })).toEqual([
    { name: "lora.alpha", left: "16", right: "16", isSame: true, change: undefined },
    { name: "lora.r", left: "8", right: "16", isSame: false, change: undefined },
    { name: "name", left: "a", right: "–", isSame: false, change: undefined },
  ]);
  expect(settingRows(undefined, undefined)).toEqual([]);
});

test("data, files and notes show which side is missing a value", () => {
  const data = [{ ref: "chats", datasetId: null, version: "2", root: "0123456789abcdef", rows: 1_200 }];
  expect(dataRows(side({ data }), side({}))).toMatchObject([
    { name: "chats", left: "version 2, 1,200 rows, root 0123456789ab…", right: "–" },
  ]);
  const files = [
    { path: "a", state: "same" as const, leftBytes: 1, rightBytes: 1 },
    { path: "b", state: "changed" as const, leftBytes: 1, rightBytes: 1 },
    { path: "c", state: "added" as const, leftBytes: null, rightBytes: 1 },
  ];
  expect(
    fileRows({ left: side({}), right: side({}), facts: [], files }).map((row) => [row.isSame, row.change]),
  ).toEqual([
    [true, undefined],
    [false, "changed"],
    [false, "only right"],
  ]);
  expect(wordRows(side({ notes: "good" }), side({ tags: { team: "x" } }))).toMatchObject([
    { name: "Notes", left: "good", right: "–" },
    { name: "Tags", left: "–", right: "team=x" },
  ]);
});
