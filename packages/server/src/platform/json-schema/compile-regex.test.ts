import { expect, test } from "vitest";
import { compileRegex } from "./compile-regex.ts";

test.each<[string, string, string, string, (string | undefined)[]]>([
  ["a(b+)c", "", "xabbbc", "abbbc", ["bbb"]],
  ["####\\s*(-?[\\d,.]+)", "", "so\n#### 1,234", "#### 1,234", ["1,234"]],
  ["(a|ab)(c|bcd)", "", "abcd", "abcd", ["a", "bcd"]],
  ["a*?b", "", "aaab", "aaab", []],
  ["a{2,3}", "", "aaaa", "aaa", []],
  ["a{2,3}?", "", "aaaa", "aa", []],
  ["a{2}", "", "aaaa", "aa", []],
  ["a{2,}", "", "aaaa", "aaaa", []],
  ["^b$", "m", "a\nb\nc", "b", []],
  ["A.C", "is", "a\nc", "a\nc", []],
  ["\\bcat\\b", "", "a cat.", "cat", []],
  ["\\Bat", "", "cat", "at", []],
  ["[^a-c\\]]+", "", "ab]xyz", "xyz", []],
  ["\\p{Lu}\\p{Ll}+", "", "an Éclair", "Éclair", []],
  ["a.b", "", "a😀b", "a😀b", []],
  ["\\u{1F600}", "", "x😀", "😀", []],
  ["(?<year>\\d{4})-(?:\\d\\d)", "", "in 2026-11", "2026-11", ["2026"]],
  ["(a)|b", "", "b", "b", [undefined]],
  ["", "", "abc", "", []],
  ["(?:a*)*b", "", "aab", "aab", []],
  ["x/y", "", "x/y", "x/y", []],
  ["[(?<]a>\\s.", "", "<a>\u00a0!", "<a>\u00a0!", []],
])("%s with %s finds in %j what JavaScript finds", (...given) => {
  const [pattern, flags, text, whole, groups] = given;
  expect(compileRegex(pattern, flags)(text)).toEqual({ text: whole, groups });
  const [own, ...inner] = new RegExp(pattern, `u${flags}`).exec(text) ?? [];
  expect([own, ...inner]).toEqual([whole, ...groups]);
});

test("random patterns over a small alphabet match where JavaScript's do", () => {
  let state = 7;
  const draw = (most: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * most);
  };
  const atoms = ["a", "b", "c", ".", "[ab]", "[^a]", "\\w", "\\b", "^", "$"];
  const make = (depth: number): string => {
    const kind = depth === 0 ? 0 : draw(5);
    if (kind <= 1) return atoms[draw(atoms.length)] ?? "a";
    if (kind === 2) return `${make(depth - 1)}${make(depth - 1)}`;
    if (kind === 3) return `(?:${make(depth - 1)}|${make(depth - 1)})`;
    return `(?:${make(depth - 1)})${["*", "+", "?", "*?", "{1,2}"][draw(5)]}`;
  };
  for (let turn = 0; turn < 2_000; turn++) {
    const pattern = make(4);
    const text = Array.from({ length: draw(9) }, () => "abc "[draw(4)]).join("");
    const isMatch = new RegExp(pattern, "u").test(text);
    expect([pattern, text, compileRegex(pattern, "")(text) !== null]).toEqual([pattern, text, isMatch]);
  }
});

test("a pattern that is made to be slow takes time that grows with the text only", () => {
  const startedAt = performance.now();
  expect(compileRegex("^(a+)+$", "")(`${"a".repeat(20_000)}b`)).toBeNull();
  expect(compileRegex("(?:a|a)*(?:a|aa)*c", "")("a".repeat(20_000))).toBeNull();
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});

test("a text that is too long for a pattern is refused rather than waited for", () => {
  expect(() => compileRegex("(?:a{100}b){10}", "")("a".repeat(100_000))).toThrow("too long");
});

test.each(["\\s", "\\S", "[\\s\\d]", "[^\\S\\n]", ".", "[\\b]", "\\p{Letter}", "\\p{Script=Greek}", "[[&]"])(
  "%s matches the characters that JavaScript matches",
  (pattern) => {
    const matches = compileRegex(pattern, "");
    const native = new RegExp(pattern, "u");
    const points = [...Array(0x3100).keys(), 0xfeff, 0x1f600];
    const differing = points.filter((point) => {
      const text = String.fromCodePoint(point);
      return (matches(text) !== null) !== native.test(text);
    });
    expect(differing).toEqual([]);
  },
);

test("with m, a line ends at \\n and at \\r\\n", () => {
  const text = "one\r\nanswer is 4\r\nfive\nsix";
  expect(compileRegex("^answer is (.+)$", "m")(text)).toEqual({ text: "answer is 4", groups: ["4"] });
  expect(compileRegex("^five$", "m")(text)).not.toBeNull();
  expect(compileRegex("is (\\d)\\r\\nfive", "m")(text)?.groups).toEqual(["4"]);
});

test.each([
  ["a(?=b)", "look-around and flags inside groups are not supported, at 2"],
  ["(?<!a)b", "look-around and flags inside groups are not supported, at 1"],
  ["(?i)a", "look-around and flags inside groups are not supported, at 1"],
  ["(a)\\1", "back-references are not supported, at 4"],
  ["(?<x>a)\\k<x>", "back-references are not supported, at 8"],
  ["(a", "unterminated group"],
  ["a)", "unmatched ')'"],
  ["[a", "unterminated character class"],
  ["*a", "nothing to repeat"],
  ["a{3,2}", "numbers out of order"],
  ["a{5000}", 'at most 1000 repeats, those inside it included: "{5000}", at 2'],
  ["(?:a{1000}){1000}", "at most 1000 repeats"],
  ["(?:ab){900}(?:cd){900}(?:ef){900}", "too large"],
  ["\\p{Nothing}", "invalid property name"],
  ["\\p{ID_Start}", 'this character class is not supported: "\\p{ID_Start}", at 1'],
  ["\\Aa\\z", "invalid escape"],
  ["a\\", "\\ at end of pattern"],
])("%s is refused with the reason", (pattern, words) => {
  expect(() => compileRegex(pattern, "")).toThrow(words);
});
