import { describe, expect, test } from "vitest";
import { broken, byPattern, cards, emails, judgingOf, plain, ruleOf, shouts } from "../testing/detectors.ts";
import { judgeText, judgeUnknown } from "./judge-text.ts";

const CARD = "4111 1111 1111 1111";

describe("a text is judged", () => {
  test("and its findings are replaced, as their rules say", () => {
    const judging = judgingOf([ruleOf(cards, "redact"), ruleOf(emails, "mask")]);
    const verdict = judgeText(
      `Write to ann@example.com or bob@example.com, pay with ${CARD}. ann@example.com`,
      judging,
    );
    expect(verdict.text).toBe("Write to <EMAIL_1> or <EMAIL_2>, pay with [CARD]. <EMAIL_1>");
    expect(verdict.action).toBe("redact");
    expect(verdict.findings.map(({ kind, rule, start }) => [kind, rule, start])).toEqual([
      ["email", 1, 9],
      ["email", 1, 28],
      ["card", 0, 54],
      ["email", 1, 75],
    ]);
    expect(JSON.stringify(verdict.findings)).not.toMatch(/4111|ann@/);
  });

  test("without a change under rules that observe or flag, and the strongest action counts", () => {
    const text = `ann@example.com ${CARD}`;
    const observed = judgeText(text, judgingOf([ruleOf(emails, "observe"), ruleOf(cards, "flag")]));
    expect(observed).toMatchObject({ text, action: "flag", notScanned: null });
    expect(judgeText(text, judgingOf([ruleOf(emails, "block"), ruleOf(cards, "flag")]))).toMatchObject({
      text: `[EMAIL] ${CARD}`,
      action: "block",
    });
  });

  test("to be asked again where that is possible, and under the fallback elsewhere", () => {
    const text = "ann@example.com";
    const judging = judgingOf([ruleOf(emails, "reask", { fallback: "redact" })]);
    expect(judgeText(text, judging)).toMatchObject({ text: "[EMAIL]", action: "redact" });
    expect(judgeText(text, { ...judging, possible: { reask: true } })).toMatchObject({ text, action: "reask" });
    expect(judgeText(text, judgingOf([ruleOf(emails, "reask")]))).toMatchObject({ action: "block" });
  });

  test("to be rerouted where that is possible, and flagged elsewhere", () => {
    const text = "ann@example.com";
    const judging = judgingOf([ruleOf(emails, "reroute", { target: "safe" })]);
    expect(judgeText(text, judging)).toMatchObject({ text, action: "flag" });
    expect(judgeText(text, { ...judging, possible: { reroute: true } })).toMatchObject({ text, action: "reroute" });
  });

  test("only by the rules of its trust, and only above the threshold", () => {
    const forUsers = judgingOf([ruleOf(emails, "block", { scopes: ["user"] })]);
    expect(judgeText("ann@example.com", forUsers)).toMatchObject({ action: "allow", findings: [] });
    expect(judgeText("ann@example.com", { ...forUsers, trust: "user" })).toMatchObject({ action: "block" });
    const certain = judgingOf([ruleOf(emails, "block", { threshold: 1.1 })]);
    expect(judgeText("ann@example.com", certain)).toMatchObject({ action: "allow" });
  });

  test("sentence by sentence for a detector that reads sentences", () => {
    const verdict = judgeText("Hello. HELLO! Bye. HELLO! ok", judgingOf([ruleOf(shouts, "redact")]));
    expect(verdict.text).toBe("Hello. [SHOUT] Bye. [SHOUT] ok");
  });

  test("once for overlapping findings, with the stronger action", () => {
    const host = byPattern("host", /example\.com and/g);
    const detectors = new Map([emails, host].map((one) => [one.name, one]));
    const judging = { ...judgingOf([ruleOf(emails, "mask"), ruleOf(host, "redact")]), detectors };
    expect(judgeText("to ann@example.com and on", judging).text).toBe("to [HOST] on");
  });
});

describe("a text that was not scanned is not clean", () => {
  const long = "a".repeat(100_001);
  test("if it is too long", () => {
    const open = { "too-long": "open", failed: "open", timeout: "open", "unknown-content": "open" } as const;
    expect(judgeText(long, judgingOf([ruleOf(emails, "flag")]))).toMatchObject({
      action: "block",
      notScanned: "too-long",
    });
    expect(judgeText(long, judgingOf([ruleOf(emails, "flag", { failure: open })]))).toMatchObject({
      action: "allow",
      notScanned: "too-long",
      text: long,
    });
  });

  test("if a detector throws, returns nonsense or does not exist", () => {
    const outside = { ...emails, find: () => [{ ...FINDING, end: 99 }] };
    const detectors = new Map([broken, outside].map((one) => [one.name, one]));
    for (const name of ["broken", "email", "missing"]) {
      const judging = { ...judgingOf([ruleOf({ name }, "observe")]), detectors };
      expect(judgeText("some text", judging)).toMatchObject({ action: "block", notScanned: "failed" });
    }
  });

  test("if it is no text", () => {
    const judging = judgingOf([ruleOf(emails, "block"), ruleOf(cards, "block", { scopes: ["user"] })]);
    expect(judgeUnknown(judging)).toMatchObject({ action: "allow", notScanned: "unknown-content" });
    expect(judgeUnknown(judging).unscanned).toHaveLength(1);
  });

  test("and an empty text has nothing to scan", () => {
    expect(judgeText("", judgingOf([ruleOf(broken, "block")]))).toMatchObject({ action: "allow", notScanned: null });
  });
});

const FINDING = { detector: "email", kind: "email", start: 0, end: 1, score: 1, view: "text" } as const;

test("a text is prepared once for all rules", () => {
  let prepared = 0;
  const prepare = (text: string) => {
    prepared++;
    return plain(text);
  };
  judgeText("ann@example.com", judgingOf([ruleOf(emails, "flag"), ruleOf(cards, "flag")], { prepare }));
  expect(prepared).toBe(1);
});
