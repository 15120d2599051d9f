import { expect, test } from "vitest";
import type { EncodedRows } from "../../../../platform/spool/port.ts";
import { createAppendTogether } from "./append-together.ts";

const sizeOf = (group: readonly EncodedRows[]) => group.reduce((sum, { lines }) => sum + lines.byteLength, 0);

test("concurrent lines are written together, and long ones in several groups, each with its own lines", async () => {
  const groups: (readonly EncodedRows[])[] = [];
  const append = createAppendTogether({ appendLines: async (encoded) => void groups.push(encoded) }, "feedback");
  const short = await Promise.all(Array.from({ length: 64 }, (_, at) => append([`short ${at}`])));
  expect(new Set(short).size).toBe(1);
  expect(groups).toHaveLength(1);
  const lines = Array.from({ length: 64 }, (_, at) => `${at} ${"ß".repeat(100_000)}`);
  const long = await Promise.all(lines.map((line) => append([line])));
  expect(new Set(long).size).toBeGreaterThan(3);
  for (const [at, group] of long.entries()) {
    expect(sizeOf(group)).toBeLessThan(5 * 1024 * 1024);
    expect(group.some((record) => Buffer.from(record.lines).includes(`${at} ß`))).toBe(true);
  }
});
