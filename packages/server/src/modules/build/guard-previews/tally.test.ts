import { GuardPreviewResult, GuardRule } from "@treadle/contract";
import { wilsonInterval } from "@treadle/metrics";
import { expect, test } from "vitest";
import type { CallVerdict } from "./judge-calls.ts";
import type { StoredCall } from "./stored-call.ts";
import { addCall, emptyTally } from "./tally.ts";
import { toResult } from "./to-result.ts";

const rules = [
  GuardRule.parse({ detector: "secrets", action: "block" }),
  GuardRule.parse({ detector: "personal-data", action: "mask" }),
  GuardRule.parse({ detector: "secrets", action: "flag" }),
];
const call = (more: Partial<StoredCall> = {}): StoredCall => ({
  traceId: "t",
  spanId: "s",
  endpoint: "support",
  day: "2026-11-30",
  isChanged: false,
  input: "",
  output: "",
  ...more,
});
const verdict = (more: Partial<CallVerdict> = {}): CallVerdict => ({
  action: "allow",
  texts: 1,
  language: "en",
  found: [],
  examples: [],
  missed: [],
  notScanned: {},
  ...more,
});
const example = (rule: number, spanId: string) => ({
  rule,
  spanId,
  traceId: "t",
  source: "user" as const,
  path: "input",
  detector: "secrets",
  kind: "github-token",
  action: "block" as const,
  start: 0,
  end: 1,
  score: 1,
  view: "text",
});

function count(calls: readonly (readonly [StoredCall, CallVerdict])[]) {
  let tally = emptyTally(rules);
  for (const [one, judged] of calls) {
    addCall(tally, rules, { call: one, verdict: judged });
    // A job stores its counts as JSON when it stops.
    tally = JSON.parse(JSON.stringify(tally));
  }
  return tally;
}

test("calls are counted by action, rule, kind, endpoint, day and language", () => {
  const secret = { kind: "github-token", count: 2 };
  const tally = count([
    [
      call(),
      verdict({
        action: "block",
        found: [
          { rule: 0, ...secret },
          { rule: 2, ...secret },
        ],
      }),
    ],
    [
      call({ endpoint: "", isChanged: true }),
      verdict({ action: "mask", found: [{ rule: 1, kind: "email", count: 1 }] }),
    ],
    [call({ day: "2026-11-29" }), verdict({ language: "de" })],
    [call(), verdict({ action: "flag", texts: 0, found: [{ rule: 2, kind: "aws-key", count: 1 }] })],
  ]);
  const result = toResult({ rules, tally, matching: 4, isSample: false });
  expect(GuardPreviewResult.parse(result)).toEqual(result);
  const whole = { low: null, high: null };
  expect(result).toMatchObject({ read: 4, texts: 3, withoutText: 1, alreadyChanged: 1, isSample: false });
  expect(result.affected).toEqual({ count: 2, of: 4, share: 0.5, ...whole });
  expect(result.actions.map(({ action, calls }) => [action, calls.count])).toEqual([
    ["flag", 1],
    ["mask", 1],
    ["block", 1],
  ]);
  expect(result.byRule.map(({ calls, findings }) => [calls.count, findings])).toEqual([
    [1, 2],
    [1, 1],
    [2, 3],
  ]);
  // Two rules that find the same in a call count the call once.
  expect(result.byKind.map(({ kind, calls, findings }) => [kind, calls.count, findings])).toEqual([
    ["github-token", 1, 4],
    ["email", 1, 1],
    ["aws-key", 1, 1],
  ]);
  expect(result.byEndpoint.map(({ name, read }) => [name, read])).toEqual([
    ["support", 3],
    ["", 1],
  ]);
  expect(result.byDay.map(({ name, read }) => [name, read])).toEqual([
    ["2026-11-29", 1],
    ["2026-11-30", 3],
  ]);
  expect(result.byLanguage[0]).toMatchObject({
    name: "en",
    read: 3,
    actions: [{}, {}, { action: "block", calls: { of: 3 } }],
  });
});

test("the shares of a sample have intervals", () => {
  const calls = Array.from(
    { length: 10 },
    (_, place) => [call(), verdict({ action: place < 3 ? "block" : "allow" })] as const,
  );
  const { affected } = toResult({ rules, tally: count(calls), matching: 1_000, isSample: true });
  const [low, high] = wilsonInterval({ successes: 3, n: 10 }) ?? [];
  expect(affected).toEqual({ count: 3, of: 10, share: 0.3, low, high });
});

test("texts that were not scanned are counted by rule and by reason", () => {
  const missed = [
    { rule: 0, reason: "too-long", texts: 2 },
    { rule: 1, reason: "too-long", texts: 2 },
  ] as const;
  const judged = verdict({ action: "block", missed, notScanned: { "too-long": 2 } });
  const result = toResult({
    rules,
    tally: count([
      [call(), judged],
      [call(), judged],
    ]),
    matching: 2,
    isSample: false,
  });
  expect(result.notScanned).toEqual([{ reason: "too-long", texts: 4, calls: 2 }]);
  expect(result.byRule.map(({ notScanned }) => notScanned)).toEqual([4, 4, 0]);
});

test("at most 50 findings of a rule are shown, from the newest calls", () => {
  const calls = Array.from(
    { length: 60 },
    (_, place) => [call(), verdict({ examples: [example(0, `${place}`), example(2, `${place}`)] })] as const,
  );
  const { examples } = toResult({ rules, tally: count(calls), matching: 60, isSample: false });
  expect(examples).toHaveLength(100);
  expect(examples.filter(({ rule }) => rule === 0).map(({ spanId }) => spanId)).toEqual(
    Array.from({ length: 50 }, (_, place) => `${place}`),
  );
});

test("groups beyond the limit are counted together", () => {
  const calls = Array.from({ length: 230 }, (_, place) => [call({ endpoint: `e${place}` }), verdict()] as const);
  const { byEndpoint } = toResult({ rules, tally: count(calls), matching: 230, isSample: false });
  expect(byEndpoint).toHaveLength(201);
  expect(byEndpoint[0]).toEqual({ name: "other", read: 30, actions: [] });
});

test("an endpoint may have any name", () => {
  const { byEndpoint } = toResult({
    rules,
    tally: count([[call({ endpoint: "__proto__" }), verdict()]]),
    matching: 1,
    isSample: false,
  });
  expect(byEndpoint).toEqual([{ name: "__proto__", read: 1, actions: [] }]);
});
