import { describe, expect, test } from "vitest";
import { createStreamGuard } from "../stream/stream-guard.ts";
import { cards, emails, judgingOf, orders, ruleOf } from "../testing/detectors.ts";
import { judgeText, judgeUnknown } from "./judge-text.ts";
import type { Rule } from "./policy.ts";

/** A clock that goes on by a millisecond each time it is read. */
function tickingOf(rules: readonly Rule[]) {
  let time = 0;
  return { ...judgingOf(rules), now: () => time++ };
}

describe("a verdict reports when each rule read the text", () => {
  test("one rule after the other, with or without a finding", () => {
    const { reads, ms } = judgeText("ann@example.com", tickingOf([ruleOf(emails, "flag"), ruleOf(cards, "block")]));
    expect(reads).toEqual([
      { rule: 0, from: 1, to: 2, ms: 1 },
      { rule: 1, from: 3, to: 4, ms: 1 },
    ]);
    expect(ms).toBe(5);
  });

  test("only the rules that apply to it", () => {
    const rules = [ruleOf(emails, "flag", { scopes: ["user"] }), ruleOf(cards, "flag")];
    expect(judgeText("some text", tickingOf(rules)).reads.map(({ rule }) => rule)).toEqual([1]);
    expect(judgeText("", tickingOf(rules)).reads).toEqual([]);
  });

  test("a stream from its first to its last piece, with the sum of the times in which the rule computed", () => {
    const guard = createStreamGuard(tickingOf([ruleOf(emails, "flag"), ruleOf(orders, "flag")]));
    for (const piece of ["some ", "more ", "words "]) guard.push(piece);
    guard.flush();
    const [first, whole] = guard.verdict().reads;
    expect(first?.ms).toBe(4);
    expect((first?.to ?? 0) - (first?.from ?? 0)).toBeGreaterThan(4);
    // A detector of whole texts reads at the end.
    expect([whole?.rule, whole?.ms]).toEqual([1, 1]);
    expect(whole?.from).toBeGreaterThan(first?.from ?? Number.POSITIVE_INFINITY);
  });

  test("content that is no text takes no time", () => {
    expect(judgeUnknown(tickingOf([ruleOf(emails, "flag")]))).toMatchObject({
      notScanned: "unknown-content",
      reads: [{ rule: 0, from: 0, to: 0, ms: 0 }],
    });
  });
});
