import { expect, test } from "vitest";
import { judgeCall } from "../policy/judge-call.ts";
import { judgingOf, ruleOf } from "../testing/detectors.ts";
import { createToolPolicy, type ToolPolicyOptions } from "./tool-policy.ts";

/** A schema of this test names the largest `amount`. */
const detector = createToolPolicy(
  ({ most }) =>
    (value) =>
      (value as { amount: number }).amount <= Number(most),
);
const tools: ToolPolicyOptions["tools"] = [
  { name: "read_*" },
  { name: "pay", arguments: { most: 100 } },
  { name: "pay", keys: ["key_boss"], arguments: { most: 1_000 } },
  { name: "delete", keys: ["key_boss"] },
];
const judge = (name: string, given: unknown, keyId: string | null = null) =>
  judgeCall(
    { name, arguments: typeof given === "string" ? given : JSON.stringify(given) },
    {
      ...judgingOf([ruleOf(detector, "block", { options: { tools } })]),
      calls: new Map([[detector.name, detector as never]]),
      call: { systemPrompt: "", keyId },
    },
  );

test.each([
  ["read_file", {}, null],
  ["read_", "", null],
  ["pay", { amount: 100 }, null],
  ["pay", { amount: 500 }, "key_boss"],
  ["delete", {}, "key_boss"],
])("%s with %j may be called by %s", (name, given, keyId) => {
  expect(judge(name, given, keyId)).toMatchObject({ action: "allow", findings: [] });
});

test.each([
  ["write_file", {}, null, "tool-not-allowed"],
  ["a_read_file", {}, null, "tool-not-allowed"],
  ["delete", {}, "key_other", "tool-not-allowed"],
  ["delete", {}, null, "tool-not-allowed"],
  ["pay", { amount: 500 }, null, "tool-arguments"],
  ["pay", { amount: 5_000 }, "key_boss", "tool-arguments"],
  ["pay", "{", null, "tool-arguments"],
] as const)("%s with %j may not be called by %s", (...row) => {
  const [name, given, keyId, kind] = row;
  expect(judge(name, given, keyId)).toMatchObject({ action: "block", findings: [{ kind, rule: 0, start: 0 }] });
});

test("a rule that does not read arguments of tools judges no calls, and a detector that fails did not scan", () => {
  const calls = new Map([[detector.name, detector as never]]);
  const rule = ruleOf(detector, "block", { options: { tools: [] }, scopes: ["output"] });
  const called = { name: "pay", arguments: "{}" };
  expect(judgeCall(called, { ...judgingOf([rule]), calls })).toMatchObject({ action: "allow" });
  const broken = ruleOf(detector, "block", { options: null });
  expect(judgeCall(called, { ...judgingOf([broken]), calls })).toMatchObject({ action: "block", notScanned: "failed" });
});
