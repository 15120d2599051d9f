import { describe, expect, test } from "vitest";
import { isSameAnswer } from "./is-same-answer.ts";
import { normalizeQuestion, textToEmbed } from "./normalize-question.ts";
import { readQuestion } from "./read-question.ts";
import { refusalOf } from "./refusal-of.ts";

const refusal = (one: string, two: string, languages: readonly [string, string] = ["en", "en"]) =>
  refusalOf(readQuestion(one, languages[0]), readQuestion(two, languages[1]));

describe("normalization", () => {
  const isEqual = (one: string, two: string) => normalizeQuestion(one) === normalizeQuestion(two);

  test("ignores Unicode form, case, spaces and punctuation at the end", () => {
    expect(isEqual("  ＨＯＷ are\n you ?!", "how are you")).toBe(true);
    expect(isEqual("Is the cafe\u0301 open?", "is the café open…")).toBe(true);
  });

  test("distinguishes powers, fractions, factorials and acronyms", () => {
    expect(isEqual("What is 10²?", "What is 102?")).toBe(false);
    expect(isEqual("Is it 3½?", "Is it 31/2?")).toBe(false);
    expect(isEqual("What is 5!", "What is 5?")).toBe(false);
    expect(isEqual("Who trusts US?", "Who trusts us?")).toBe(false);
  });

  test("leaves code and quotations as they are", () => {
    expect(isEqual('Is "Polish" a word?', 'is "Polish" a word')).toBe(true);
    expect(isEqual('Is "Polish" a word?', 'Is "polish" a word?')).toBe(false);
    expect(isEqual("if x:\n  a()\nb()", "if x:\n  a()\n  b()")).toBe(false);
  });

  test("the text for the vector has no polite words", () => {
    expect(textToEmbed("Hi, could you please tell me where Rome is, thanks!")).toBe("where rome is");
    expect(textToEmbed("Please, thanks")).not.toBe("");
  });
});

describe("the gate", () => {
  test.each([
    ["numbers", "How long is a 5 km run?", "How long is a 10 km run?"],
    ["numbers", "How do I cook for two?", "How do I cook for six?"],
    ["negation", "Which birds can fly?", "Which birds can't fly?"],
    ["quotations", "What does `ls -l` do?", "What does `ls -a` do?"],
    ["words", "How do I enable sync?", "How do I disable sync?"],
    ["word order", "Is Saturn bigger than Jupiter?", "Is Jupiter bigger than Saturn?"],
    ["person", "What is my name?", "What is your name?"],
    ["preposition", "Is there a train to Berlin?", "Is there a train in Berlin?"],
    ["overlap", "Is tea good?", "Is tea just simply really good?"],
    ["words", "You?", "Me?"],
  ])("refuses other %s", (reason, one, two) => {
    expect(refusal(one, two)).toBe(reason);
    expect(refusal(two, one)).toBe(reason);
  });

  test("refuses questions in two languages, unless one is too short to tell", () => {
    expect(refusal("Taxi Paris", "Taxi Paris", ["en", "fr"])).toBe("language");
    expect(refusal("Taxi Paris", "taxi paris", ["en", "und"])).toBeNull();
  });

  test("lets function words, contractions and polite words differ", () => {
    expect(refusal("What's the capital of France?", "Could you tell me what the capital of France is?")).toBeNull();
    expect(refusal("I can't log in", "I cannot log in, please")).toBeNull();
    expect(refusal("Is 1,000 enough for five?", "Is 1000 enough for 5?")).toBeNull();
  });

  test("counts every word in a language other than English", () => {
    expect(refusal("Ist die Tür zu?", "Ist die Tür auf?", ["de", "de"])).toBe("words");
    expect(refusal("Ist die Tür zu?", "ist die tür zu!", ["de", "de"])).toBeNull();
  });
});

describe("two answers", () => {
  test("are the same with other punctuation, or nearly the same words", () => {
    expect(isSameAnswer("Paris.", "paris", 0.1)).toBe(true);
    const one = "The museum opens at 9:00 and closes at 17:00 every day.";
    expect(isSameAnswer(one, "Every day the museum opens at 9:00 and closes at 17:00.", 0.95)).toBe(true);
  });

  test("are different with other numbers, a negation, or few common words", () => {
    expect(isSameAnswer("The museum opens at 9:00.", "The museum opens at 10:00.", 0.99)).toBe(false);
    expect(isSameAnswer("Yes, you can return opened items.", "No, you cannot return opened items.", 0.99)).toBe(false);
    expect(isSameAnswer("It is blue.", "Rome was founded long ago.", 0.99)).toBe(false);
    expect(isSameAnswer("The shop sells red shoes.", "The shop sells red shoes today.", 0.2)).toBe(false);
  });

  test("are the same JSON in another order", () => {
    expect(isSameAnswer('{"a":1,"b":2}', '```json\n{ "b": 2, "a": 1 }\n```', 0)).toBe(true);
    expect(isSameAnswer('{"a":1}', '{"a":2}', 1)).toBe(false);
  });
});
