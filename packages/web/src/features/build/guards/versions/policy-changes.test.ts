import { expect, test } from "vitest";
import type { Rule } from "../shared/use-guards.ts";
import { policyChanges } from "./policy-changes.ts";

const rule = (detector: string, more: Partial<Rule> = {}): Rule => ({
  detector,
  options: {},
  scopes: ["user", "output"],
  action: "observe",
  threshold: null,
  failure: {},
  fallback: "block",
  target: null,
  budgetMs: 800,
  ...more,
});
const content = (rules: Rule[]) => ({
  name: "Privacy",
  description: "",
  isEnabled: true,
  appliesTo: { endpointId: null, variant: null, keyId: null },
  rules,
  maskSeconds: 86_400,
  refusal: null,
});
const changes = (before: Rule[], after: Rule[]) => policyChanges(content(before), content(after), new Map());

test("the same content has no change", () => {
  expect(changes([rule("secrets")], [rule("secrets")])).toEqual([]);
});

test("fields of the policy are compared, with names for ids", () => {
  const before = content([rule("secrets")]);
  const appliesTo = { endpointId: "ep_1", variant: "b", keyId: "key_1" };
  const names = new Map([
    ["ep_1", "support"],
    ["key_1", "CI"],
  ]);
  expect(policyChanges(before, { ...before, name: "Data", isEnabled: false, appliesTo }, names)).toEqual([
    { label: "Name", before: "Privacy", after: "Data" },
    { label: "State", before: "on", after: "off" },
    { label: "Applies to", before: "Whole project", after: "support, variant b, with key CI" },
  ]);
});

test("a rule that was edited shows its fields, and the entries of lists that were removed and added", () => {
  const before = rule("words", { options: { words: ["a", "b"] }, failure: { failed: "open" } });
  const after = rule("words", { action: "block", options: { words: ["a", "c"] }, threshold: 0.7 });
  expect(changes([rule("secrets"), before], [rule("secrets"), after])).toEqual([
    { label: "Rule 2 (Words): action", before: "Observe", after: "Block" },
    { label: "Rule 2 (Words): threshold", before: "the detector's own", after: "0.7" },
    { label: "Rule 2 (Words): if not scanned", before: "detector failed: passed", after: "the default" },
    { label: "Rule 2 (Words): words", before: "b", after: "c" },
  ]);
});

test("the refusal, the target and the fallback are compared", () => {
  const before = content([rule("secrets", { action: "reask" }), rule("injection")]);
  const after = {
    ...content([rule("secrets", { action: "reask", fallback: "redact" }), rule("injection", { target: "safe" })]),
    refusal: { text: "No.", texts: { de: "Nein." } },
  };
  expect(policyChanges(before, after, new Map())).toEqual([
    { label: "Refusal", before: "error", after: "No.; de: Nein." },
    { label: "Rule 1 (Secrets): fallback", before: "Block", after: "Redact" },
    { label: "Rule 2 (Injection): target", before: "", after: "safe" },
  ]);
});

test("rules that were added, removed and moved are not shown as edits", () => {
  const [secrets, urls, code] = [rule("secrets"), rule("urls"), rule("code", { action: "flag" })];
  expect(changes([secrets, urls], [urls, secrets])).toEqual([{ label: "Moved rule 2 (Secrets), before rule 1" }]);
  expect(changes([secrets, urls], [code, urls])).toEqual([
    { label: "Removed rule 1 (Secrets)", before: "Observe; User, Answers" },
    { label: "Added rule 1 (Code)", after: "Flag; User, Answers" },
  ]);
});

test("edits of several rules are in their order, and a list in another order is shown whole", () => {
  const words = (...list: string[]) => rule("words", { options: { words: list } });
  const edited = changes(
    [rule("secrets"), words("a", "b")],
    [words("b", "a"), rule("secrets", { action: "block", scopes: ["user"] })],
  );
  expect(edited).toEqual([
    { label: "Rule 1 (Words): words", before: "a, b", after: "b, a" },
    { label: "Rule 2 (Secrets): action", before: "Observe", after: "Block" },
    { label: "Rule 2 (Secrets): sources", before: "Answers", after: "" },
  ]);
});
