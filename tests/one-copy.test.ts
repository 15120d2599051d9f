import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

/** Patterns of code that duplicates a kernel function. */
const COPIES: readonly (readonly [of: string, copy: RegExp])[] = [
  ["messageOf", /(\w+) instanceof Error\s*\?\s*\1\.message\s*:\s*String\(\1\)/],
  ["isRecord", /=>\s*typeof (\w+) === "object" && \1 !== null && !Array\.isArray\(\1\)/],
  ["isRecord", /const isRecord\b/],
  ["DAY_MS", /const DAY_MS\b|86_400_000(?!_)|24 \* 3_600_000|24 \* HOUR_MS/],
];
const OWN = new Set(["message-of.ts", "is-record.ts", "day.ts"].map((name) => join("kernel", name)));

test("no other file of the server has a copy of what the kernel has", async () => {
  const source = join(import.meta.dirname, "../packages/server/src");
  const files = (await readdir(source, { recursive: true })).filter((name) => name.endsWith(".ts") && !OWN.has(name));
  expect(files.length).toBeGreaterThan(1_000);
  const copies: string[] = [];
  for (const file of files) {
    const text = await readFile(join(source, file), "utf8");
    copies.push(...COPIES.filter(([, copy]) => copy.test(text)).map(([of]) => `${file}: ${of}`));
  }
  expect(copies).toEqual([]);
});
