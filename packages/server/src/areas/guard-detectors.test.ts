import { createMasks, createStreamGuard, judgeText, TRUSTS } from "@treadle/guards";
import fc from "fast-check";
import { expect, test } from "vitest";
import { guardRegistry } from "./guard-detectors.ts";

const failure = { "too-long": "closed", failed: "closed", "unknown-content": "open" } as const;
const ruleOf = (detector: string) => ({
  detector,
  options: guardRegistry.readOptions(detector, {}),
  scopes: TRUSTS,
  action: "redact" as const,
  threshold: 0.5,
  failure,
});
const judging = () => ({
  ...guardRegistry,
  trust: "output" as const,
  policy: { rules: [ruleOf("secrets"), ruleOf("personal-data")] },
  masks: createMasks(),
  now: () => 0,
});
/** Built from parts, so that scanners of this repository do not report it as a real key. */
const TOKEN = ["gh", "p_", "a1B2c3D4e5F6g7H8i9J0kLmNoPqRsTuVwXyZ"].join("");
const KEY = ["-----BEGIN ", "PRIVATE KEY-----\n", "MIIB+abc/\n".repeat(40), "-----END ", "PRIVATE KEY-----"].join("");

test("secrets and personal data are found", () => {
  const text = `token ${TOKEN}, mail ann@example.com, card 4111 1111 1111 1111, IBAN DE89 3704 0044 0532 0130 00`;
  const { text: redacted } = judgeText(text, judging());
  expect(redacted).toBe("token [GITHUB_TOKEN], mail [EMAIL], card [CARD], IBAN [IBAN]");
});

test("only the chosen kinds are found, and other options are rejected", () => {
  const options = guardRegistry.readOptions("personal-data", { kinds: ["email"] });
  const rules = [{ ...ruleOf("personal-data"), options }];
  const { text } = judgeText("ann@example.com 4111 1111 1111 1111", { ...judging(), policy: { rules } });
  expect(text).toBe("[EMAIL] 4111 1111 1111 1111");
  expect(() => guardRegistry.readOptions("personal-data", { kinds: ["nothing"] })).toThrow();
  expect(() => guardRegistry.readOptions("secrets", { kinds: ["email"] })).toThrow();
});

test("a stream gives the same as the whole text, however it is cut", () => {
  const part = fc.constantFrom(
    TOKEN,
    KEY,
    "ann@example.com",
    "4111 1111 1111 1111",
    "DE89 3704 0044 0532 0130 00",
    "GB82 WEST 1234 5698 7654 32",
    "password: hunter2hunter2X9",
    "123456782 is my BSN",
    "12 ",
    " and ",
    "Some words of an ordinary sentence. ",
    "\n",
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 30 }), (parts, cuts) => {
      const text = parts.join(" ");
      const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
      const guard = createStreamGuard(judging());
      const out = places.slice(1).map((end, index) => guard.push(text.slice(places[index], end)));
      expect(out.join("") + guard.flush()).toBe(judgeText(text, judging()).text);
    }),
    { numRuns: 300 },
  );
});

test("ordinary text is not held back", () => {
  const guard = createStreamGuard(judging());
  expect(guard.push("An ordinary sentence with a few ")).toBe("An ordinary sentence with a few ");
});
