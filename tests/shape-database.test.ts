import { join } from "node:path";
import { sql } from "drizzle-orm";
import { getTableConfig, PgTable } from "drizzle-orm/pg-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PostgresStore } from "../packages/server/src/platform/postgres/port.ts";
import { openTestPostgres } from "../packages/server/src/platform/postgres/testing/open-test-postgres.ts";
import { listFiles, root } from "./setup/sources.ts";

/** The definition of each column in PostgreSQL's words, such as `text not null key`, by `table.column`. */
type Columns = Readonly<Record<string, string>>;

/** The migrations have their own table, which belongs to no module. */
const BOOKKEEPING = /migrations/;

let postgres: PostgresStore;
beforeAll(async () => {
  postgres = await openTestPostgres();
});
afterAll(() => postgres?.close());

const describeColumn = (type: string, isNotNull: boolean, isKey: boolean) =>
  `${type}${isNotNull ? " not null" : ""}${isKey ? " key" : ""}`;

async function columnsOfSchemas(): Promise<Columns> {
  const paths = listFiles().filter((path) => /^packages\/server\/src\/(modules|platform)\/.*schema\.ts$/.test(path));
  const columns: Record<string, string> = {};
  for (const path of paths)
    for (const table of Object.values<unknown>(await import(join(root, path)))) {
      if (!(table instanceof PgTable)) continue;
      const { name, columns: own, primaryKeys } = getTableConfig(table);
      const keys = new Set(primaryKeys.flatMap((key) => key.columns.map((column) => column.name)));
      for (const column of own) {
        const isKey = column.primary || keys.has(column.name);
        columns[`${name}.${column.name}`] = describeColumn(column.getSQLType(), column.notNull || isKey, isKey);
      }
    }
  return columns;
}

async function columnsOfDatabase(): Promise<Columns> {
  const { rows } = (await postgres.db.execute(sql`
    SELECT c.relname AS table, a.attname AS column, format_type(a.atttypid, a.atttypmod) AS type,
      a.attnotnull AS is_not_null, coalesce(a.attnum = ANY (i.indkey), false) AS is_key
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
    WHERE c.relkind = 'r'`)) as unknown as {
    rows: { table: string; column: string; type: string; is_not_null: boolean; is_key: boolean }[];
  };
  return Object.fromEntries(
    rows
      .filter(({ table }) => !BOOKKEEPING.test(table))
      .map((row) => [`${row.table}.${row.column}`, describeColumn(row.type, row.is_not_null, row.is_key)]),
  );
}

test("the tables that the modules know are those that the migrations make", async () => {
  const [schemas, database] = [await columnsOfSchemas(), await columnsOfDatabase()];
  expect(Object.keys(database).length).toBeGreaterThan(50);
  expect(schemas).toEqual(database);
});

test("a column that was made otherwise is seen", async () => {
  await postgres.db.execute(sql`ALTER TABLE projects ALTER COLUMN name DROP NOT NULL`);
  const [schemas, database] = [await columnsOfSchemas(), await columnsOfDatabase()];
  expect(schemas["projects.name"]).toBe("text not null");
  expect(database["projects.name"]).toBe("text");
});
