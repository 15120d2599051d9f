import { expect, test } from "vitest";
import { createSelection, matchesGlob } from "./match-glob.ts";

test.each([
  ["*.md", "readme.md", true],
  ["*.md", "docs/deep/readme.md", true],
  ["*.md", "readme.mdx", false],
  ["docs/*.md", "docs/a.md", true],
  ["docs/*.md", "docs/deep/a.md", false],
  ["docs/**/*.md", "docs/a.md", true],
  ["docs/**/*.md", "docs/x/y/a.md", true],
  ["docs/**/*.md", "other/docs/a.md", false],
  ["docs/", "docs/x/y.txt", true],
  ["/docs/**", "docs/x/y.txt", true],
  ["**/test/**", "a/test/b/c", true],
  ["**/test/**", "a/tests/b", false],
  ["a?c/**", "abc/d", true],
  ["a?c/**", "a/c/d", false],
  ["v*-*.pdf", "v1-2-3.pdf", true],
  ["[a].md", "a.md", false],
  ["[a].md", "[a].md", true],
])("the pattern %s and the path %s: %s", (pattern, path, isMatch) => {
  expect(matchesGlob(pattern, path)).toBe(isMatch);
});

test("exclude takes precedence over include", () => {
  const selects = createSelection({ include: ["docs/"], exclude: ["*.txt"] });
  expect(["docs/a.md", "docs/a.txt", "src/a.md"].filter(selects)).toEqual(["docs/a.md"]);
});

test("a pattern of many stars does not need exponential time", () => {
  expect(matchesGlob(`${"**/*a*".repeat(40)}/b`, `${"a/".repeat(400)}c`)).toBe(false);
});

test("hidden files and files without text are not selected", () => {
  const paths = ["a.md", ".git/config", "docs/.env", "photo.JPG", "app.min.css", ""];
  expect(paths.filter(createSelection({}))).toEqual(["a.md", ""]);
});
