import type { GuardVerdict } from "@treadle/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { GuardCheck } from "../../scoring/scorer-tools.ts";
import { openScorers } from "../../testing/open-scorers.ts";

let world: Awaited<ReturnType<typeof openScorers>>;
let checks: GuardCheck[] = [];
beforeAll(async () => {
  world = await openScorers();
});
afterAll(() => world.close());

const EMAIL = "ada@example.org";
const finding = { rule: 0, action: "flag" as const, start: 0, end: 5, score: 1, view: "text" };
type Text = GuardVerdict["texts"][number];
const textOf = (more: Partial<Text> = {}): Text => ({
  path: "text",
  trust: "output",
  action: "allow",
  text: null,
  findings: [],
  notScanned: null,
  ...more,
});

/** Finds the e-mail address wherever it is. */
function findEmails(notScanned: Text["notScanned"] = null) {
  checks = [];
  world.guardBy((check) => {
    checks.push(check);
    const isFound = JSON.stringify(check.text ?? check.messages).includes(EMAIL);
    const findings = isFound ? [{ ...finding, detector: "personal-data", kind: "email" }] : [];
    return { action: isFound ? "flag" : "allow", texts: [textOf({ findings, notScanned })], ms: 1 };
  });
}
const messages = [
  { role: "system", content: "Be kind." },
  { role: "user", content: `I am ${EMAIL}.` },
];
const score = (params: object, sample: object, who = world.scope) =>
  world.try({ kind: "guard", params }, { output: "Hello.", messages, ...sample }, who);

test("an answer with a finding is 1, with the kinds and never the value", async () => {
  findEmails();
  const found = await score({ detector: "personal-data" }, { output: `Write to ${EMAIL}.` });
  expect(found).toMatchObject({
    value: 1,
    reason: "Found personal-data/email (1).",
    details: { findings: { "personal-data/email": 1 } },
    costUsd: 0,
  });
  expect(JSON.stringify(found)).not.toContain(EMAIL);
  expect(await score({ detector: "personal-data" }, {})).toMatchObject({ value: 0, reason: "Nothing was found." });
});

test("a detector reads the texts of its scopes with its options and threshold", async () => {
  findEmails();
  const options = { groups: ["email"] };
  const params = { detector: "personal-data", options, scopes: ["user", "output"], threshold: 0.9 };
  expect(await score(params, {})).toMatchObject({ value: 1 });
  const rule = { detector: "personal-data", options, threshold: 0.9, action: "flag" };
  expect(checks).toMatchObject([
    { text: "Hello.", trust: "output", rules: [{ ...rule, scopes: ["output"] }] },
    { messages, rules: [{ ...rule, scopes: ["user"] }] },
  ]);
});

test("a sample without messages is checked by its input", async () => {
  findEmails();
  const sample = { messages: undefined, input: `Mail ${EMAIL}`, output: "" };
  expect(await score({ detector: "secrets", scopes: ["user"] }, sample)).toMatchObject({ value: 1 });
  expect(await score({ detector: "secrets" }, sample)).toMatchObject({ state: "undefined", value: null });
});

test("a policy reads all texts, and needs the permission to call models", async () => {
  findEmails();
  expect(await score({ policyId: "gpol_1" }, {})).toMatchObject({ value: 1 });
  expect(checks).toMatchObject([
    { policyId: "gpol_1", text: "Hello." },
    { policyId: "gpol_1", messages },
  ]);
  const bare = { ...world.scope, permissions: new Set(["scorers:write"] as const) };
  expect(await score({ detector: "secrets" }, {}, bare)).toMatchObject({ value: 0 });
  for (const params of [
    { policyId: "gpol_1" },
    { detector: "judge", options: { model: "m", question: "Is it rude or not?" } },
  ])
    expect(await score(params, {}, bare)).toMatchObject({
      state: "failed",
      reason: expect.stringContaining("gateway:use"),
    });
});

test("a text that was not scanned is failed and not 0", async () => {
  findEmails("too-long");
  expect(await score({ detector: "secrets" }, {})).toMatchObject({
    state: "failed",
    value: null,
    reason: "The text at text was not scanned: too-long.",
  });
});

test.each([
  [{}, "set either a detector or the id of a guard policy"],
  [{ detector: "secrets", policyId: "gpol_1" }, "and not both"],
  [{ detector: "words", options: { words: [] } }, /the detector "words" rejects its options: options\.words/],
])("parameters that cannot work are rejected when they are stored: %j", async (params, message) => {
  await expect(
    world.store({ name: `Guard ${JSON.stringify(params).length}`, kind: "guard", params }),
  ).rejects.toMatchObject({ code: "unprocessable", message: expect.stringMatching(message) });
});
