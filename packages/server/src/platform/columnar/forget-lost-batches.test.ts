import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { forgetLostBatches } from "./forget-lost-batches.ts";
import { openColumnar } from "./open.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "treadle-lost-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A table's folder as the engine leaves it: parts, and a log of tokens. */
function writeTable(parts: readonly string[], log: string) {
  const table = join(folder, "store/abc/abc-1");
  for (const part of parts) mkdirSync(join(table, part), { recursive: true });
  mkdirSync(join(table, "deduplication_logs"), { recursive: true });
  const path = join(table, "deduplication_logs/deduplication_log_1.txt");
  writeFileSync(path, log);
  return () => readFileSync(path, "utf8");
}

test("a token is forgotten when no part holds its block, and kept when a merged part does", () => {
  const log = writeTable(
    ["202611_1_4_1", "202612_9_9_0", "tmp_insert_202611_5_5_0", "detached"],
    [
      "1\t202611_3_3_0\ta",
      "1\t202611_5_5_0\tb",
      "1\t202612_9_9_0\tc",
      "1\t202611_9_9_0\td",
      "2\t202611_4_4_0\te",
      "",
    ].join("\n"),
  );
  expect(forgetLostBatches(folder)).toBe(2);
  expect(log()).toBe("1\t202611_3_3_0\ta\n1\t202612_9_9_0\tc\n2\t202611_4_4_0\te\n");
  expect(forgetLostBatches(folder)).toBe(0);
});

test("a line that was cut off is taken away", () => {
  const log = writeTable(["all_1_1_0_7"], "1\tall_1_1_0\ta\n1\tall_2_");
  expect(forgetLostBatches(folder)).toBe(0);
  expect(log()).toBe("1\tall_1_1_0\ta\n");
});

test("a log that is written in another way is left as it is", () => {
  const text = "version 2\n1\tall_2_2_0\ta\n";
  const log = writeTable(["all_1_1_0"], text);
  expect(forgetLostBatches(folder)).toBe(0);
  expect(log()).toBe(text);
});

test("a folder without tables has nothing to forget", () => {
  expect(forgetLostBatches(folder)).toBe(0);
  expect(forgetLostBatches(join(folder, "none"))).toBe(0);
});

test("a batch whose token was written and whose part was not renamed is stored when it is sent again", async () => {
  const store = join(folder, "columnar");
  const scores = { sql: "SELECT count() AS count FROM kept", params: {}, row: z.object({ count: z.coerce.number() }) };
  const first = await openColumnar({ folder: store });
  await first.command(
    "CREATE TABLE kept (id String) ENGINE = MergeTree ORDER BY id SETTINGS non_replicated_deduplication_window = 100",
    {},
  );
  await first.insert("kept", [{ id: "f1" }], { token: "one" });
  await first.insert("kept", [{ id: "f2" }], { token: "two" });
  expect(await first.select(scores)).toEqual([{ count: 2 }]);
  await first.close();
  // The moment between the two: what a kill leaves then, for the second batch.
  const names = readdirSync(store, { recursive: true, encoding: "utf8" });
  const table = names.find(
    (name) => /deduplication_log_1\.txt$/.test(name) && readFileSync(join(store, name), "utf8").includes("all_2_2_0"),
  );
  rmSync(join(store, table ?? "", "../../all_2_2_0"), { recursive: true });

  const second = await openColumnar({ folder: store });
  await second.insert("kept", [{ id: "f1" }], { token: "one" });
  await second.insert("kept", [{ id: "f2" }], { token: "two" });
  expect(await second.select(scores)).toEqual([{ count: 2 }]);
  await second.close();
});
