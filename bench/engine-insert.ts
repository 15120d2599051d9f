import { Session } from "chdb";

/** The embedded engine's own insert of rows, as its library has it: what a program that uses no more than that gets. */
export function openEngineInsert(folder: string) {
  const session = new Session(folder);
  return {
    async insert(table: string, rows: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
      await session.insert({
        table,
        settings: { exclude_materialize_skip_indexes_on_insert: "spans_words", max_partitions_per_insert_block: 0 },
        values: Buffer.from(rows.map((row) => JSON.stringify(row)).join("\n")),
        format: "JSONEachRow",
      });
    },
    close: () => session.close(),
  };
}
