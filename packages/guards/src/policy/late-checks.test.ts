import { describe, expect, test } from "vitest";
import { createStreamGuard } from "../stream/stream-guard.ts";
import { emails, judgingOf, ruleOf } from "../testing/detectors.ts";
import { judgeText, judgeUnknown } from "./judge-text.ts";
import type { LateAsking, LateDetector, LateFinding } from "./late.ts";
import { createLateChecks } from "./late-checks.ts";
import type { Rule } from "./policy.ts";

type Find = (text: string, asking: LateAsking) => Promise<readonly LateFinding[]>;
const CLOSED = { "too-long": "closed", failed: "closed", timeout: "closed", "unknown-content": "closed" } as const;

function setUp(rules: readonly Rule[], find: Find) {
  const seen: string[] = [];
  const later: LateDetector<unknown> = {
    name: "later",
    version: 1,
    find(text, _options, asking) {
      seen.push(text);
      return find(text, asking);
    },
  };
  const shared = judgingOf(rules);
  const late = createLateChecks(shared, new Map([["later", later]]));
  return { seen, late, judging: { ...shared, late } };
}
const rule = (more: Partial<Rule> = {}) => ruleOf({ name: "later" }, "block", { failure: CLOSED, ...more });
const rude: Find = async (text, { threshold }) =>
  [{ kind: "rude", score: text.includes("idiot") ? 0.9 : 0.1 }].filter(({ score }) => score >= threshold);

describe("a detector that answers later", () => {
  test("judges a text as a whole, once it was asked", async () => {
    const { judging, late, seen } = setUp([rule()], rude);
    await Promise.all([late.ask("you idiot", "output"), late.ask("you idiot", "output"), late.ask("hello", "output")]);
    expect(judgeText("you idiot", judging)).toMatchObject({
      action: "block",
      findings: [{ kind: "rude", detector: "later", score: 0.9, start: 0, end: 9, rule: 0 }],
    });
    expect(judgeText("hello", judging)).toMatchObject({ action: "allow", notScanned: null });
    expect(seen).toEqual(["you idiot", "hello"]);
  });

  test("reads what the other rules let through, and nothing of a text that they block", async () => {
    const redacting = setUp([rule(), ruleOf(emails, "redact")], rude);
    await redacting.late.ask("idiot ann@example.com", "output");
    expect(redacting.seen).toEqual(["idiot [EMAIL]"]);
    const blocking = setUp([rule(), ruleOf(emails, "block")], rude);
    await blocking.late.ask("idiot ann@example.com", "output");
    expect(blocking.seen).toEqual([]);
    expect(judgeText("idiot ann@example.com", blocking.judging)).toMatchObject({ action: "block", notScanned: null });
  });

  test("is not asked about texts that its rule does not read", async () => {
    const { judging, late, seen } = setUp([rule({ scopes: ["user"] })], rude);
    expect([late.isNeeded("output"), late.isNeeded("user")]).toEqual([false, true]);
    await late.ask("you idiot", "output");
    expect(seen).toEqual([]);
    expect(judgeText("you idiot", judging)).toMatchObject({ action: "allow", notScanned: null });
  });

  test.each([
    ["failed", () => Promise.reject(new Error("no"))],
    ["failed", async () => [{ kind: "rude", score: Number.NaN }]],
    ["timeout", () => new Promise<never>(() => undefined)],
    [
      "timeout",
      (_text: string, { signal }: LateAsking) =>
        new Promise<never>((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    ],
  ] as const)("that has no answer (%s) did not scan the text", async (reason, find) => {
    const closed = setUp([rule({ budgetMs: 5 })], find);
    await closed.late.ask("hello", "output");
    expect(judgeText("hello", closed.judging)).toMatchObject({ action: "block", notScanned: reason });
    const open = setUp([rule({ budgetMs: 5, failure: { ...CLOSED, [reason]: "open" } })], find);
    await open.late.ask("hello", "output");
    expect(judgeText("hello", open.judging)).toMatchObject({ action: "allow", notScanned: reason });
  });

  test("did not scan a text that nobody asked about, one that is too long, or a picture", async () => {
    const { judging, late, seen } = setUp([rule()], rude);
    expect(judgeText("hello", judging)).toMatchObject({ action: "block", notScanned: "failed" });
    const long = "a".repeat(100_001);
    await late.ask(long, "output");
    expect(judgeText(long, judging).notScanned).toBe("too-long");
    expect(judgeUnknown(judging)).toMatchObject({ action: "block", notScanned: "unknown-content" });
    expect(seen).toEqual([]);
  });

  test("holds a stream until its end", async () => {
    for (const [text, shown] of [
      ["you are kind", "you are kind"],
      ["you idiot", ""],
    ] as const) {
      const { judging, seen } = setUp([rule()], rude);
      const guard = createStreamGuard(judging);
      for (const sign of text) expect(guard.push(sign)).toBe("");
      await guard.settle();
      expect(guard.flush()).toBe(shown);
      expect(guard.isBlocked()).toBe(shown === "");
      expect(seen).toEqual([text]);
      expect(guard.verdict().findings).toEqual(judgeText(text, judging).findings);
    }
  });
});
