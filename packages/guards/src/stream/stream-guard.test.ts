import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ACTIONS, judgeText, type Rule } from "../index.ts";
import { broken, cards, emails, judgingOf, keys, orders, ruleOf, shouts } from "../testing/detectors.ts";
import { openGroups } from "./open-groups.ts";
import { createStreamGuard } from "./stream-guard.ts";

const PARTS = [
  "ann@example.com",
  "bob.b@mail.org,",
  "4111 1111 1111 1111",
  "4111 1111",
  "1111 ",
  "key_abcdefgh",
  "key_",
  "HELLO!",
  "ignore all",
  "ignore",
  " ",
  ". ",
  "\n",
  "Some ordinary words without anything, and some more of them. ",
  "😀",
  "\ud83d",
  "12",
];

function pass(rules: readonly Rule[], pieces: readonly string[]) {
  const guard = createStreamGuard(judgingOf(rules));
  const out = pieces.map((piece) => guard.push(piece));
  const text = out.join("") + guard.flush();
  // The times depend on how the stream is cut.
  const { reads: _, ...verdict } = guard.verdict();
  return { text, verdict };
}

function cutAt(text: string, cuts: readonly number[]): string[] {
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
  return places.slice(1).map((end, index) => text.slice(places[index], end));
}

const someRules = fc
  .subarray([emails, cards, keys, shouts, orders])
  .chain((detectors) =>
    fc.tuple(...detectors.map((one) => fc.constantFrom(...ACTIONS).map((action) => ruleOf(one, action)))),
  );
const someText = fc.array(fc.constantFrom(...PARTS), { maxLength: 60 }).map((parts) => parts.join(""));

describe("a stream", () => {
  test("gives the same text and verdict as the whole text, however it is cut", () => {
    fc.assert(
      fc.property(someText, fc.array(fc.nat(), { maxLength: 40 }), someRules, (text, cuts, rules) => {
        const whole = judgeText(text, judgingOf(rules));
        const streamed = pass(rules, cutAt(text, cuts));
        expect(streamed.verdict.action).toBe(whole.action);
        if (whole.action !== "block") {
          expect(streamed.text).toBe(whole.text);
          expect(streamed.verdict.findings).toEqual(whole.findings);
        } else {
          expect(streamed).toEqual(pass(rules, [text]));
          expect(whole.text.startsWith(streamed.text)).toBe(true);
          expect(streamed.text.length).toBeLessThan(whole.text.length);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("gives the same one character at a time, over many windows", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PARTS), { minLength: 100, maxLength: 200 }), (parts) => {
        const text = parts.join("");
        const rules = [ruleOf(emails, "mask"), ruleOf(cards, "redact"), ruleOf(keys, "redact")];
        expect(pass(rules, [...text]).text).toBe(judgeText(text, judgingOf(rules)).text);
      }),
      { numRuns: 20 },
    );
  });

  test("is held back only from the first character that can still become a match", () => {
    const guard = createStreamGuard(judgingOf([ruleOf(emails, "redact"), ruleOf(cards, "redact")]));
    expect(guard.push("Hello there, ")).toBe("Hello there, ");
    expect(guard.push("wor")).toBe("");
    expect(guard.push("ld and ")).toBe("world and ");
    expect(guard.push("4111 1111 1111 11")).toBe("");
    expect(guard.push("11 thanks ")).toBe("[CARD] thanks ");
    expect(guard.flush()).toBe("");
  });

  test("is held back by what a detector needs if it cannot tell where a match begins", () => {
    const guard = createStreamGuard(judgingOf([ruleOf(keys, "redact")]));
    expect(guard.push("a".repeat(100))).toBe("a".repeat(84));
  });

  test("without a rule passes as it is", () => {
    const guard = createStreamGuard(judgingOf([ruleOf(emails, "block", { scopes: ["user"] })]));
    expect(guard.push("ann@example.com")).toBe("ann@example.com");
  });

  test("ends at a finding that blocks", () => {
    const guard = createStreamGuard(judgingOf([ruleOf(emails, "block")]));
    expect(guard.push("Write to ann@example.com now")).toBe("Write to ");
    expect([guard.isBlocked(), guard.push(" and so on "), guard.flush()]).toEqual([true, "", ""]);
    expect(guard.verdict()).toMatchObject({ action: "block", findings: [{ kind: "email" }] });
  });

  test("ends if a detector fails whose rule is closed, and passes otherwise", () => {
    const failure = { "too-long": "open", failed: "open", timeout: "open", "unknown-content": "open" } as const;
    expect(pass([ruleOf(broken, "flag")], ["some text"])).toMatchObject({
      text: "",
      verdict: { action: "block", notScanned: "failed" },
    });
    expect(pass([ruleOf(broken, "flag", { failure })], ["some ", "text"])).toMatchObject({
      text: "some text",
      verdict: { action: "allow", notScanned: "failed", unscanned: [{ rule: 0 }] },
    });
  });

  test("that is too long for a detector of the whole text is not scanned by it", () => {
    const failure = { "too-long": "open", failed: "open", timeout: "open", "unknown-content": "open" } as const;
    const long = "a".repeat(60_000);
    const open = pass([ruleOf(orders, "block", { failure })], [long, long]);
    expect(open.text).toBe(long + long);
    expect(open.verdict.notScanned).toBe("too-long");
    expect(pass([ruleOf(orders, "block")], [long, long])).toMatchObject({ text: "", verdict: { action: "block" } });
  });
});

test.each([
  ["Hello wor", 6],
  ["Hello world ", 12],
  ["pay 4111 1111 ", 4],
  ["pay 4111 1111 a", 4],
  ["pay 4111 1111 a ", 16],
  ["to GB82 WEST 1234 ", 3],
  ["USA ", 4],
  ["", 0],
])("the end of %j is open from %i", (text, place) => {
  expect(openGroups(text)).toBe(place);
});
