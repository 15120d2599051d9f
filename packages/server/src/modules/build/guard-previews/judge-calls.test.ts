import { GuardRule } from "@treadle/contract";
import { expect, test } from "vitest";
import { guardRegistry as registry } from "../../../areas/guard-detectors.ts";
import { judgeCalls } from "./judge-calls.ts";
import type { StoredCall } from "./stored-call.ts";

const languageOf = async (text: string) => (text.includes("Guten") ? "de" : "en");
const rule = (given: object) => GuardRule.parse(given);
const message = (role: string, content: string) => ({ role, parts: [{ type: "text", content }] });
const callOf = (input: unknown, output: unknown = null): StoredCall => ({
  traceId: "t",
  spanId: "s",
  endpoint: "support",
  day: "2026-11-30",
  isChanged: false,
  input: JSON.stringify(input),
  output: JSON.stringify(output),
});
const emails = { detector: "personal-data", options: { groups: ["email"] } };

test("a call has its strongest action, and its findings by rule and kind", async () => {
  const rules = [rule({ ...emails, action: "mask" }), rule({ detector: "code", scopes: ["output"], action: "flag" })];
  const input = [message("user", "Write to ann@example.com and bob@example.com")];
  const [verdict] = await judgeCalls(
    { rules, calls: [callOf(input, [message("assistant", "```js\nlet a = 1;\n```")])] },
    { registry, languageOf },
  );
  expect(verdict).toMatchObject({ action: "mask", texts: 2, language: "en", missed: [], notScanned: {} });
  expect(verdict?.found).toEqual([
    { rule: 0, kind: "email", count: 2 },
    { rule: 1, kind: "code-block", count: 1 },
  ]);
  expect(verdict?.examples[0]).toEqual({
    traceId: "t",
    spanId: "s",
    source: "user",
    path: "input.0.parts.0.content",
    rule: 0,
    detector: "personal-data",
    kind: "email",
    action: "mask",
    start: 9,
    end: 24,
    score: expect.any(Number),
    view: "text",
  });
  expect(JSON.stringify(verdict)).not.toContain("ann@");
});

test("few findings of a call are shown, and all of them are counted", async () => {
  const text = Array.from({ length: 20 }, (_, place) => `p${place}@example.com`).join(" ");
  const calls = [callOf([message("user", text)])];
  const [verdict] = await judgeCalls({ rules: [rule(emails)], calls }, { registry, languageOf });
  expect(verdict?.examples).toHaveLength(5);
  expect(verdict?.found).toEqual([{ rule: 0, kind: "email", count: 20 }]);
});

test("a text that is too long is blocked by a rule that is closed, and counted once for both rules", async () => {
  const rules = [rule({ ...emails, action: "block" }), rule({ detector: "secrets" })];
  const calls = [callOf([message("user", "a ".repeat(60_000)), message("user", "short")])];
  const [verdict] = await judgeCalls({ rules, calls }, { registry, languageOf });
  expect(verdict).toMatchObject({ action: "block", found: [], notScanned: { "too-long": 1 } });
  expect(verdict?.missed).toEqual([
    { rule: 0, reason: "too-long", texts: 1 },
    { rule: 1, reason: "too-long", texts: 1 },
  ]);
});

test("a detector knows the system prompt of the call", async () => {
  const prompt = "You answer questions about garden tools and you never mention the price of the blue shovel.";
  const rules = [rule({ detector: "prompt-leak", action: "block" })];
  const leak = [message("assistant", `My orders: ${prompt}`)];
  const calls = [callOf([message("system", prompt)], leak), callOf([message("system", "Be brief.")], leak)];
  const verdicts = await judgeCalls({ rules, calls }, { registry, languageOf });
  expect(verdicts.map(({ action }) => action)).toEqual(["block", "allow"]);
});

test("the language is the language of the user's texts", async () => {
  const calls = [
    callOf([message("system", "Hello"), message("user", "Guten Tag")]),
    callOf([message("system", "Guten Tag")]),
    callOf(null),
  ];
  const verdicts = await judgeCalls({ rules: [rule({ detector: "secrets" })], calls }, { registry, languageOf });
  expect(verdicts.map(({ language, texts }) => [language, texts])).toEqual([
    ["de", 2],
    ["de", 1],
    ["und", 0],
  ]);
});
