import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { openColumnar } from "../open.ts";
import type { Columnar } from "../port.ts";

let shared: Promise<Columnar> | undefined;

/**
 * A migrated columnar store without a row, for one test file. The engine serves one folder per process, so the files that a
 * worker runs share it: open it once, before all tests, and keep tests apart by their project's id.
 */
export async function openTestColumnar(): Promise<Columnar> {
  shared ??= openShared();
  const columnar = await shared;
  await empty(columnar);
  return { ...columnar, async close() {} };
}

function openShared(): Promise<Columnar> {
  const folder = mkdtempSync(join(tmpdir(), "treadle-columnar-"));
  return openColumnar({ folder });
}

async function empty(columnar: Columnar): Promise<void> {
  const tables = await columnar.select({
    sql: "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree' AND name != 'schema_migrations'",
    params: {},
    row: z.object({ name: z.string() }),
  });
  for (const { name } of tables) await columnar.command(`TRUNCATE TABLE ${name}`);
}
