import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { type Migration, PROGRAM_VERSION, pendingMigrations, readMigrations } from "../migrations/plan.ts";

const FOLDER = new URL("./migrations/", import.meta.url);

/** The value of `{engine}` in migrations. It is in one place, so that a replicated cluster needs a change only here. */
const ENGINE = "MergeTree";

const Applied = z.array(z.object({ name: z.string(), checksum: z.string(), program: z.string() }));

/** The engine has no transactions: a step that was cut off is run again, so each of its statements must bear that. A setting is the same when it is set twice. */
const RUNS_TWICE = /\bIF (NOT )?EXISTS\b|\bMODIFY SETTING\b/;

/**
 * Brings the store up to this program's schema. A step is recorded after its last statement.
 * Throws `MigrationRefusedError` when the data is newer than the program.
 */
export async function migrateColumnar(client: ClickHouseClient, migrations?: readonly Migration[]): Promise<void> {
  const known = migrations ?? (await readMigrations(FOLDER));
  const pending = pendingMigrations("the columnar store", known, await findApplied(client));
  for (const { name, sql } of pending) checkRunsTwice(name, sql);
  for (const migration of pending) await apply(client, migration);
}

async function findApplied(client: ClickHouseClient) {
  const query = `CREATE TABLE IF NOT EXISTS schema_migrations (
    name String,
    checksum String,
    program String,
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3)
  ) ENGINE = ${ENGINE} ORDER BY name SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`;
  await client.command({ query });
  const result = await client.query({
    query:
      "SELECT name, any(checksum) AS checksum, any(program) AS program FROM schema_migrations GROUP BY name ORDER BY name",
    format: "JSONEachRow",
  });
  return Applied.parse(await result.json());
}

function checkRunsTwice(name: string, sql: string) {
  const once = statementsOf(sql).find((statement) => !RUNS_TWICE.test(statement));
  if (once === undefined) return;
  throw new Error(
    `A statement of the migration "${name}" has neither IF EXISTS nor IF NOT EXISTS and changes no setting. It could not run again after a crash.`,
  );
}

async function apply(client: ClickHouseClient, { name, sql, checksum }: Migration) {
  for (const statement of statementsOf(sql)) {
    try {
      await client.command({ query: statement });
    } catch (cause) {
      throw new Error(`The migration "${name}" of the columnar store failed. It continues at the next start.`, {
        cause,
      });
    }
  }
  await client.command({
    query:
      "INSERT INTO schema_migrations (name, checksum, program) VALUES ({name:String}, {checksum:String}, {program:String})",
    query_params: { name, checksum, program: PROGRAM_VERSION },
  });
}

/** A statement ends with a semicolon at the end of a line. */
const statementsOf = (sql: string) =>
  sql
    .split(/;[ \t]*(?:\n|$)/)
    .map((statement) => statement.trim().replaceAll("{engine}", ENGINE))
    .filter((statement) => statement !== "");
