import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { FileFormat } from "@treadle/contract";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import { describe, expect, test } from "vitest";
import { FILE_LIMITS } from "./limits.ts";
import { openRows } from "./open-rows.ts";
import type { Row } from "./row.ts";
import { contentOf, readAll, sortOut } from "./testing/read-all.ts";
import { gzip, writeRows } from "./write-rows.ts";

const columns = [
  { name: "text", isJson: false },
  { name: "value", isJson: true },
];
const rows: Row[] = [
  { text: "plain", value: { messages: [{ role: "user", content: 'ü\n"x",' }] } },
  { text: "", value: [] },
  { value: -5.5 },
  { text: "=HYPERLINK(1)", value: "text" },
  { text: "'=1+1", value: true },
  { text: "-1" },
  { text: "@a" },
  { text: "\ttab" },
  { text: 'a\r\nb;"c",d' },
];

async function* inBatches(all: readonly Row[]) {
  for (let at = 0; at < all.length; at += 2) yield all.slice(at, at + 2);
}
const write = (format: FileFormat, all = rows) => buffer(Readable.from(writeRows(inBatches(all), { format, columns })));

describe.each(["csv", "tsv", "json", "jsonl", "parquet"] as const)("%s", (format) => {
  test("comes back as it was written", async () => {
    expect(sortOut(await readAll(await write(format), { name: `a.${format}` }))).toEqual({ good: rows, bad: [] });
  });

  test("of no rows is a file too", async () => {
    const bytes = await write(format, []);
    if (bytes.length > 0) expect(await readAll(bytes, { name: `a.${format}`, format })).toEqual([]);
    else expect(format).toBe("jsonl");
  });
});

test.each(["csv", "tsv"] as const)("%s: names that reading would change come back as they are", async (format) => {
  const odd = { "x:json": "[1", "x:json:json": "y", ":json": "z", "question ": "w", question: "v" };
  const named = Object.keys(odd).map((name) => ({ name, isJson: false }));
  const bytes = await buffer(Readable.from(writeRows(inBatches([odd]), { format, columns: named })));
  expect(sortOut(await readAll(bytes, { name: `a.${format}` }))).toEqual({ good: [odd], bad: [] });
});

test("no cell of a table begins as a formula", async () => {
  const text = (await write("csv")).toString();
  expect(text).toContain("'=HYPERLINK(1)");
  for (const cell of text.split(/[,\n]/)) expect(cell).not.toMatch(/^"?[=@\t]/);
});

test("a file can be packed as it is written", async () => {
  const packed = await buffer(Readable.from(gzip(writeRows(inBatches(rows), { format: "jsonl", columns }))));
  expect(sortOut(await readAll(packed, { name: "a.jsonl.gz" })).good).toEqual(rows);
});

describe("Parquet", () => {
  test("of many rows is read group by group", async () => {
    const many = Array.from({ length: 5_000 }, (_, place) => ({ text: `row ${place}`, value: place }));
    const read = await readAll(await write("parquet", many), { name: "a.parquet" });
    expect(sortOut(read).good).toEqual(many);
    expect(read.at(-1)?.line).toBe(5_000);
  });

  test("whose bytes are cut or changed is refused", async () => {
    const bytes = await write("parquet");
    await expect(readAll(bytes.subarray(0, -3), { name: "a.parquet" })).rejects.toThrow("cannot be read");
    const broken = Buffer.from(bytes);
    broken.fill(0xff, 10, 60);
    await expect(readAll(broken, { name: "a.parquet" })).rejects.toThrow("cannot be read");
  });

  test("that claims a footer or a row group beyond the limits is refused", async () => {
    const bytes = await write("parquet");
    const footer = Buffer.from(bytes);
    footer.writeUInt32LE(0x7fffffff, footer.length - 8);
    await expect(readAll(footer, { name: "a.parquet" })).rejects.toThrow("footer");
    const limits = { ...FILE_LIMITS, parquet: { ...FILE_LIMITS.parquet, groupRows: 5 } };
    await expect(readAll(bytes, { name: "a.parquet", limits })).rejects.toThrow("smaller row groups");
    const pages = { ...FILE_LIMITS, parquet: { ...FILE_LIMITS.parquet, pageBytes: 20 } };
    await expect(readAll(bytes, { name: "a.parquet", limits: pages })).rejects.toThrow("too large");
  });

  test("that would fill the memory costs its thread and not the process", async () => {
    const writer = new ByteWriter();
    const parquet = new ParquetWriter({
      writer,
      schema: [
        { name: "root", num_children: 1 },
        { name: "a", type: "BYTE_ARRAY", converted_type: "UTF8" },
      ],
    });
    const data = Array.from({ length: 400_000 }, (_, place) => `${place}-${"x".repeat(200)}`);
    await parquet.write({ columnData: [{ name: "a", data }], rowGroupSize: data.length });
    await parquet.finish();
    const limits = { ...FILE_LIMITS, parquet: { ...FILE_LIMITS.parquet, heapMb: 24 } };
    await expect(readAll(Buffer.from(writer.getBytes()), { name: "a.parquet", limits })).rejects.toThrow("more memory");
  });

  test("with an abandoned reader is released", async () => {
    const many = Array.from({ length: 5_000 }, (_, place) => ({ text: `row ${place}`, value: place }));
    const { rows: open } = await openRows(contentOf(await write("parquet", many)), { name: "a.parquet" });
    for await (const batch of open) {
      expect(batch).toHaveLength(500);
      break;
    }
  });
});
