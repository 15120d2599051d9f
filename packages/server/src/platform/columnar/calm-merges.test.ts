import { existsSync, readdirSync, readFileSync } from "node:fs";
import { getPriority } from "node:os";
import { expect, test } from "vitest";
import { calmMerges } from "./calm-merges.ts";
import { openTestColumnar } from "./testing/open-test-columnar.ts";

test("background merges step back for what answers, and nothing else does", async () => {
  const columnar = await openTestColumnar();
  const isLinux = existsSync("/proc/self/task");
  expect(calmMerges() > 0).toBe(isLinux);
  const threads = isLinux ? readdirSync("/proc/self/task") : [];
  const calm = threads.filter((thread) => getPriority(Number(thread)) > getPriority());
  const names = calm.map((thread) => readFileSync(`/proc/self/task/${thread}/comm`, "utf8").trim());
  expect([...new Set(names)]).toEqual(isLinux ? ["MergeMutate"] : []);
  await columnar.close();
});
