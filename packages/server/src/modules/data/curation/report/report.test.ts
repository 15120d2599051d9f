import type { Item, QualityReport } from "@treadle/contract";
import { expect, test } from "vitest";
import { loadTokenizer } from "../texts/count-tokens.ts";
import { measureItem } from "../texts/measure-item.ts";
import { createCosts } from "./count-costs.ts";
import { findWarnings } from "./find-warnings.ts";
import { createGathering } from "./gather-report.ts";
import { toMarkdown } from "./to-markdown.ts";

const counters = new Map([["o200k_base" as const, await loadTokenizer("o200k_base")]]);
const item = (at: number, more: Partial<Item> = {}): Item => ({
  itemId: `it_${at}`,
  inputs: { question: `How long does it take until parcel number ${at} is delivered to my door?` },
  expected: at % 4 === 0 ? "refund" : "delivery",
  metadata: {},
  source: { kind: "manual" },
  split: null,
  ...more,
});

async function measure(items: readonly Item[], price = () => 0.001 as number | null): Promise<QualityReport> {
  const gathering = createGathering("o200k_base");
  const models = [{ provider: "openai", model: "gpt-4.1", trainUsdPerMillion: 10 }];
  const costs = createCosts({ models, epochs: 3, price });
  for (const one of items) {
    const facts = await measureItem(one, counters);
    gathering.add(facts, one);
    costs.add(facts, new Map());
  }
  const report = { ...gathering.finish(), name: "parcels", tokens: costs.finish(), epochs: 3, contamination: [] };
  return { ...report, warnings: findWarnings(report) };
}

test("roles are counted under the names they have, also those that every object has something under", async () => {
  const messages = ["constructor", "__proto__", "user"].map((role) => ({ role, content: "one two three" }));
  const { tokensByRole } = (await measure([item(1, { inputs: { messages }, expected: null })])).lengths;
  const maxByRole = tokensByRole.map(({ role, tokens }) => [role, tokens.max]);
  expect(maxByRole).toEqual([
    ["constructor", 3],
    ["__proto__", 3],
    ["user", 3],
  ]);
});

test("what was planted is counted: copies, contradictions, leaks between splits, addresses, classes, missing answers", async () => {
  const items = [
    ...Array.from({ length: 40 }, (_, at) => item(at, { split: at < 30 ? "train" : "test" })),
    { ...item(1), itemId: "copy", split: "test" },
    { ...item(2), itemId: "other", expected: "refund", split: "train" },
    item(50, {
      inputs: { question: "Please write to ann@example.org and to bob@example.org about it." },
      split: "train",
    }),
    item(51, { expected: null, split: "train" }),
  ];
  const report = await measure(items);
  expect(report).toMatchObject({
    rows: 44,
    duplicates: { exactRows: 1, sameInputOtherExpected: 1 },
    leaks: { splitPairs: [{ from: "train", to: "test", rows: 1 }] },
    privacy: { rows: 1, kinds: [{ kind: "email", findings: 2, rows: 1 }] },
    labels: { classCount: 2, classes: [{ name: "delivery" }, { name: "refund" }] },
    missing: { inputs: 0, expected: 1 },
    lengths: { turns: null },
  });
  expect(report.warnings).toEqual(
    [
      "in another split",
      "Personal data",
      "Exact duplicates",
      "more than one expected answer",
      "no expected answer",
    ].map((words) => expect.stringContaining(words)),
  );
});

test("tokens, cost and training are sums over the items; an unknown price stays unknown", async () => {
  const items = Array.from({ length: 10 }, (_, at) => item(at));
  const [model] = (await measure(items)).tokens;
  const count = counters.get("o200k_base") ?? (() => 0);
  const input = items.reduce((sum, { inputs }) => sum + count(String(inputs.question)), 0);
  expect(model).toMatchObject({
    inputTokens: input,
    outputTokens: 10,
    isExact: true,
    trainingTokens: 3 * (input + 10),
  });
  expect(model?.runUsd).toBeCloseTo(0.01, 10);
  expect(model?.trainUsd).toBeCloseTo(((3 * (input + 10)) / 1e6) * 10, 10);
  expect((await measure(items, () => null)).tokens[0]?.runUsd).toBeNull();
});

test("nothing of the items becomes a link, a tag or a cell of the page", async () => {
  const hostile = "a|b <img src=x> [c](javascript:alert(1)) `d`";
  const report = await measure(Array.from({ length: 8 }, (_, at) => item(at, { expected: hostile })));
  const head = {
    reportId: "drep_1",
    datasetId: "ds_1",
    version: "draft",
    root: "0".repeat(64),
    rows: 8,
    createdAt: "2026-01-01T00:00:00.000Z",
  };
  const page = toMarkdown({ ...report, name: "# <b>x</b>" }, head);
  expect(page).toContain("a\\|b \\<img src=x\\> \\[c\\](javascript:alert(1)) \\`d\\`");
  expect(page).not.toMatch(/[^\\]<[a-z]/);
});

test("splits with different words are reported as different, and splits with similar words are not", async () => {
  const about = (thing: string) => (at: number) =>
    item(at, {
      split: at % 2 === 0 ? "train" : "test",
      inputs: { question: `What becomes of ${at % 2 === 0 ? "my parcel" : thing} number ${at}, please?` },
    });
  const unlike = await measure(Array.from({ length: 200 }, (_, at) => about("the invoice")(at)));
  expect(unlike.splitAuc).toMatchObject([{ from: "train", to: "test", auc: 1, rows: 200 }]);
  expect(unlike.warnings).toContainEqual(
    expect.stringContaining("Words distinguish items of test from items of train"),
  );
  const page = toMarkdown(unlike, {
    reportId: "drep_1",
    datasetId: "ds_1",
    version: "1",
    root: "0".repeat(64),
    rows: 200,
    createdAt: "2026-01-01T00:00:00.000Z",
  });
  expect(page).toContain("| train and test | 1.00 | 1.00 to 1.00 | 200 |");
  const alike = await measure(Array.from({ length: 200 }, (_, at) => about("my parcel")(at)));
  expect(alike.splitAuc?.[0]?.auc).toBeLessThan(0.65);
  expect(alike.warnings.join()).not.toContain("Words distinguish");
});

test("no items are no error", async () => {
  const report = await measure([]);
  expect(report.warnings).toEqual(["The dataset has no items."]);
  expect(report.labels).toBeNull();
});
