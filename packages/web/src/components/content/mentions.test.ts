import { expect, test } from "vitest";
import { insertMention, matchPeople, partialMention } from "./mentions.ts";

const ada = { userId: "1", name: "Ada Lovelace", email: "ada@example.com" };
const ben = { userId: "2", name: "", email: "ben@example.com" };

test("a mention begins with an @ at the start of a word", () => {
  expect(partialMention("see @Ad", 7)).toEqual({ start: 4, word: "Ad" });
  expect(partialMention("@[Ada Lo", 8)).toEqual({ start: 0, word: "Ada Lo" });
  expect(partialMention("ada@exa", 7)).toBeNull();
  expect(partialMention("@ada\nnext", 9)).toBeNull();
  expect(partialMention("no mention", 10)).toBeNull();
});

test("members are found by the start of their name, last name or e-mail", () => {
  expect(matchPeople([ada, ben], "lov")).toEqual([ada]);
  expect(matchPeople([ada, ben], "BEN")).toEqual([ben]);
  expect(matchPeople([ada, ben], "")).toEqual([ada, ben]);
  expect(matchPeople([ada, ben], "Ada Lovelace ")).toEqual([]);
});

test("a mention replaces what was typed, and the caret is after it", () => {
  expect(insertMention("see @ad now", { start: 4, caret: 7 }, ada)).toEqual({
    text: "see @Ada Lovelace  now",
    caret: 18,
  });
  expect(insertMention("@b", { start: 0, caret: 2 }, ben)).toEqual({ text: "@ben@example.com ", caret: 17 });
});
