import { expect, test } from "vitest";
import { firstBroken, measureText, PRESETS } from "./measures.ts";
import { cleanLines } from "./web.ts";
import { takeApart, wordsOf } from "./words.ts";

const measure = (text: string, preset: keyof typeof PRESETS) => measureText(takeApart(text), PRESETS[preset].limits);
const broken = (text: string, preset: keyof typeof PRESETS) =>
  firstBroken(measure(text, preset), PRESETS[preset].limits)?.rule ?? null;

const SENTENCES = [
  "The river rises in the hills to the north of the old town and runs east for many miles.",
  "People who live near it have built small bridges of stone and wood over the years.",
  "In spring the water is high, and it carries branches that must be cleared with long poles.",
  "Children fish from the banks on warm evenings while their parents talk about the harvest.",
  "A museum beside the mill shows how grain was ground before engines came to the valley.",
  "Nobody remembers who planted the willows, but everyone agrees that they should be kept.",
];
const ARTICLE = SENTENCES.join(" ");

test("words are what is left between spaces once punctuation is cut off, and single signs of Chinese", () => {
  expect(wordsOf("“Well,” she said — it's 3.5 km...")).toEqual(["Well", "she", "said", "it's", "3.5", "km"]);
  expect(wordsOf("你好 world")).toEqual(["你", "好", "world"]);
  expect(wordsOf(`${"!".repeat(100_000)}a`)).toEqual(["a"]);
});

test("an ordinary article passes all presets", () => {
  for (const preset of ["chat", "gopher", "gopher-repetition", "c4", "fineweb", "nemo"] as const)
    expect(broken(ARTICLE, preset), preset).toBeNull();
});

// Each limit of Rae et al. 2021, table A1 and section A.1.1, from both sides.
test.each([
  ["words", "the be to of and that have with ".repeat(6), "words"],
  ["mean word length below 3", "I am at it so of to be we go ".repeat(10), "meanWordLength"],
  ["mean word length above 10", "extraordinarily incomprehensible characteristically ".repeat(20), "meanWordLength"],
  ["hash signs", `${ARTICLE} ${"# ".repeat(20)}`, "hashShare"],
  ["ellipses", `${ARTICLE} ${"well... ".repeat(20)}`, "ellipsisShare"],
  ["bullets", SENTENCES.map((line) => `• ${line}`).join("\n"), "bulletLineShare"],
  [
    "lines that end in an ellipsis",
    SENTENCES.map((line, at) => (at < 2 ? line.replace(".", "…") : line)).join("\n"),
    "ellipsisLineShare",
  ],
  ["words without letters", `${ARTICLE} ${"123 4567 890 ".repeat(12)}`, "letterWordShare"],
  ["stop words", "Children fish banks warm evenings parents talk about harvest valley ".repeat(6), "stopWords"],
])("Gopher: %s", (_, text, rule) => {
  expect(broken(text, "gopher")).toBe(rule);
});

test("shares of repeated lines and paragraphs are as counted by hand", () => {
  const measures = measure("one\ntwo\none\none", "gopher-repetition");
  expect(measures.duplicateLineShare).toBe(2 / 4); // two of four lines stood there before
  expect(measures.duplicateLineCharacters).toBe(6 / 15); // "one" twice, of 15 characters with the breaks
  expect(measure("a b\n\nc d\n\na b", "gopher-repetition").duplicateParagraphShare).toBe(1 / 3);
});

test("shares of runs of words are as counted by hand", () => {
  const measures = measure("a b a b a b c", "gopher-repetition"); // 13 characters
  expect(measures.top2GramCharacters).toBe((3 * 3) / 13); // "a b" three times
  expect(measures.top3GramCharacters).toBe((2 * 5) / 13); // "a b a" twice
  expect(measures.top4GramCharacters).toBe((2 * 7) / 13); // "a b a b" twice
  const twice = measure("a b c d e a b c d e", "gopher-repetition"); // 19 characters
  expect(twice.duplicate5GramCharacters).toBe(9 / 19); // "a b c d e" once more
  expect(twice.duplicate6GramCharacters).toBe(0);
  expect(measure("every word is there once", "gopher-repetition").top2GramCharacters).toBe(0);
});

test.each([
  ["duplicateLineShare", `${SENTENCES[0]}\n`.repeat(4) + ARTICLE],
  ["top2GramCharacters", `buy now ${"buy now ".repeat(30)}${SENTENCES.join("\n")}`],
])("Gopher repetition: %s", (rule, text) => {
  expect(broken(text, "gopher-repetition")).toBe(rule);
});

// Raffel et al. 2020, section 2.2.
test.each([
  ["fewer than five sentences", SENTENCES.slice(0, 4).join(" "), "sentences"],
  ["lorem ipsum", `${ARTICLE} Lorem ipsum dolor sit amet.`, "loremIpsum"],
  ["a curly bracket", `${ARTICLE} if (x) { y(); }.`, "curlyBrackets"],
])("C4: %s", (_, text, rule) => {
  expect(broken(text, "c4")).toBe(rule);
});

test("C4 retains lines that are whole sentences and removes notices of web pages", () => {
  const lines = [
    "Home | About | Contact",
    "The mill was built in 1823.[3]",
    "Read more...",
    "Too short.",
    "Please enable Javascript to see this page.",
    "By going on you accept our privacy policy.",
    'He said that it was "quite enough"',
    `A ${"word".repeat(300)} that nobody wrote.`,
  ];
  expect(cleanLines(lines)).toEqual(["The mill was built in 1823.", 'He said that it was "quite enough"']);
});

// Penedo et al. 2024, section 3.6.
test.each([
  [
    "sentenceLineShare",
    "A line without its end\nAnother line of the same kind, longer than thirty signs\nAnd one more of them, also long enough",
  ],
  ["shortLineShare", `Short one.\nShort two.\nShort three.\n${SENTENCES[0]}`],
  ["repeatedLineCharacters", `${SENTENCES[0]}\n${SENTENCES[1]}\n${SENTENCES[0]}`],
])("FineWeb: %s", (rule, text) => {
  expect(broken(text, "fineweb")).toBe(rule);
});

test.each([
  ["symbolCharacters", "=-=-=- <> ;; ~~ || && $$ %% ** ++ words here"],
  ["digitCharacters", "the numbers 123456 789012 345678 are here"],
  ["urlCharacters", "see https://example.org/a/long/path/to/some/page for more about it"],
])("NeMo: %s", (rule, text) => {
  expect(broken(text, "nemo")).toBe(rule);
});

test("an empty text is measured without a division by nothing", () => {
  for (const preset of ["chat", "gopher", "gopher-repetition", "c4", "fineweb", "nemo"] as const)
    for (const [name, value] of Object.entries(measure("", preset))) expect(Number.isFinite(value), name).toBe(true);
  expect(broken("", "chat")).toBe("words");
});
