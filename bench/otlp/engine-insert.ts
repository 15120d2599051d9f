import { openStatementInserter } from "../../packages/server/src/platform/columnar/file-inserter.ts";

const SETTINGS = { exclude_materialize_skip_indexes_on_insert: "spans_words", max_partitions_per_insert_block: 0 };

/** The embedded engine's own insert of rows, as its library has it: what a program that uses no more than that gets. */
export function openEngineInsert(folder: string) {
  const inserter = openStatementInserter(folder);
  return {
    insert: (table: string, rows: readonly Readonly<Record<string, unknown>>[]): Promise<void> =>
      inserter.insert(table, SETTINGS, Buffer.from(rows.map((row) => JSON.stringify(row)).join("\n"))),
    close: inserter.close,
  };
}
