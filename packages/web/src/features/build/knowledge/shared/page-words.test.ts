import { expect, test } from "vitest";
import { pageWords } from "./page-words.ts";

test("one page, a range of pages, and a format without pages", () => {
  expect(pageWords(3, 3)).toBe("page 3");
  expect(pageWords(3, 4)).toBe("pages 3 to 4");
  expect(pageWords(3, null)).toBe("page 3");
  expect(pageWords(null, null)).toBe("");
});
