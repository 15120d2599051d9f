import { expect, test } from "vitest";
import { compose } from "./compose.ts";

test.each([
  "café über Ångström",
  "Việt Nam, Tiếng Việt",
  "ΐ Ελλάδα",
  "йод ёлка",
  "がぎぐ パピプ",
  "한국의 수도는 서울",
])("%s is put together from its parts", (text) => {
  expect(text.normalize("NFD")).not.toBe(text);
  expect(compose(text.normalize("NFD"))).toBe(text);
  expect(compose(text)).toBe(text);
});

test.each(["\u0645\u0651\u064e", "\u05d1\u05b0\u05bc", "plain text", "", "\u0301", "a\n\u0301"])(
  "the order of marks in %j does not change",
  (text) => {
    expect(compose(text)).toBe(text);
  },
);
