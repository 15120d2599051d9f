import { zstdCompressSync } from "node:zlib";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import type { Column, Row } from "./row.ts";

/** Rows per row group: few enough that writing one does not delay other work. */
const GROUP_ROWS = 2_000;
const GROUP_CHARACTERS = 8 * 1024 * 1024;

/** Rows as Parquet: texts as strings, other values as JSON; what is missing as null. */
export async function* writeParquet(
  rows: AsyncIterable<readonly Row[]>,
  columns: readonly Column[],
): AsyncGenerator<Buffer, void, undefined> {
  const writer = new ByteWriter();
  const parquet = new ParquetWriter({
    writer,
    schema: [{ name: "root", num_children: columns.length }, ...columns.map(elementOf)],
    codec: "ZSTD",
    compressors: { ZSTD: (input: Uint8Array) => zstdCompressSync(input) },
    statistics: false,
    createdBy: "treadle",
  });
  const take = () => {
    const bytes = Buffer.from(writer.getBytes());
    writer.index = 0;
    return bytes;
  };
  for await (const group of groupsOf(rows)) {
    const columnData = columns.map(({ name, isJson }) => ({
      name,
      data: group.map((row) => (isJson || typeof row[name] === "string" ? (row[name] ?? null) : null)),
      offsetIndex: false,
    }));
    await parquet.write({ columnData, rowGroupSize: group.length });
    yield take();
  }
  await parquet.finish();
  yield take();
}

const elementOf = ({ name, isJson }: Column) =>
  ({
    name,
    type: "BYTE_ARRAY",
    converted_type: isJson ? "JSON" : "UTF8",
    repetition_type: "OPTIONAL",
  }) as const;

async function* groupsOf(rows: AsyncIterable<readonly Row[]>): AsyncGenerator<Row[], void, undefined> {
  let group: Row[] = [];
  let characters = 0;
  for await (const batch of rows)
    for (const row of batch) {
      group.push(row);
      characters += JSON.stringify(row).length;
      if (group.length < GROUP_ROWS && characters < GROUP_CHARACTERS) continue;
      yield group;
      [group, characters] = [[], 0];
    }
  if (group.length > 0) yield group;
}
