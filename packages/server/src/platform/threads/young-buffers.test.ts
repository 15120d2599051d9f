import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { z } from "zod";

const script = fileURLToPath(new URL("testing/pass-buffers.ts", import.meta.url));
const Counts = z.object({ young: z.number(), whole: z.number() });

async function collectionsOf(...args: string[]) {
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...args]);
  return Counts.parse(JSON.parse(stdout));
}

test("buffers that pass through a thread no longer have the whole heap gone over", async () => {
  const left = await collectionsOf();
  expect(left.whole).toBeGreaterThan(0);
  const young = await collectionsOf("young");
  expect(young.young).toBeGreaterThan(left.young);
  expect(young.whole).toBe(0);
});

test("threads that begin at the same time do not take it from each other", async () => {
  const together = fileURLToPath(new URL("testing/begin-together.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [together]);
  expect(stdout.trim()).toBe("0");
});
