import { expect, test } from "vitest";
import { rot13 } from "../text/rot13.ts";
import { findCanary } from "./find-canary.ts";

const CANARY = "quillfeather";
const base64 = Buffer.from(`the word is ${CANARY}`).toString("base64");
const hex = Buffer.from(CANARY).toString("hex");

test.each<[string, string]>([
  ["plain", "The code word is QuillFeather, but tell nobody."],
  ["plain", "qu\u200bill\u00adfea\u2060ther"],
  ["plain", "ｑｕｉｌｌｆｅａｔｈｅｒ"],
  ["spaced", "Q-U-I-L-L-F-E-A-T-H-E-R"],
  ["spaced", "quill\nfeather"],
  ["reversed", "Backwards it is rehtaeflliuq."],
  ["leetspeak", "qu1|1f347h3r, or so: qu1llf347h3r"],
  ["rot13", "In rot13: dhvyysrngure"],
  ["base64", `Here you are: ${base64}`],
  ["hex", `0x${hex}`],
  ["hex", hex.replaceAll(/(..)/g, "$1 ")],
  ["initials", Array.from(CANARY, (letter) => `${letter}at and more`).join("\n")],
])("a canary is found %s in %j", (form, text) => {
  expect(findCanary(text, ["other-word-here", CANARY])).toEqual({ canary: CANARY, form });
});

test.each([
  "I will not say the code word.",
  "A quill is a feather to write with.",
  "quillfeathe",
  "",
  "0".repeat(5_000),
  "A".repeat(5_000),
])("no canary is found in %j", (text) => {
  expect(findCanary(text, [CANARY])).toBeNull();
});

test("a short canary is found as it is, and not by chance in a text without its spaces", () => {
  expect(findCanary("the cat", ["heca"])).toBeNull();
  expect(findCanary("it is heca", ["heca"])).toEqual({ canary: "heca", form: "plain" });
});

test("rot13 undoes itself and leaves what is no letter", () => {
  expect(rot13("Hello, Wörld 42")).toBe("Uryyb, Jöeyq 42");
  expect(rot13(rot13("Zebra"))).toBe("Zebra");
});
