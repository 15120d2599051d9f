import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FILE_LIMITS } from "./limits.ts";
import { readAll, sortOut } from "./testing/read-all.ts";

const MIB = 1024 * 1024;
const small = { ...FILE_LIMITS, lineBytes: 1_000 };

describe("JSON lines", () => {
  const read = async (bytes: Buffer | string, pieceBytes?: number) =>
    sortOut(await readAll(bytes, { name: "a.jsonl", pieceBytes, limits: small }));

  test.each([1, 3, 7, 65_536])(
    "come whole in pieces of %i bytes, with a mark, empty lines and any line ends",
    async (size) => {
      const { good, bad } = await read('\uFEFF{"a":1}\r\n\n  \n{"a":"ü\\n"}\n{"a":[2]}', size);
      expect([good, bad]).toEqual([[{ a: 1 }, { a: "ü\n" }, { a: [2] }], []]);
    },
  );

  test("broken lines are reported by number, and do not affect other lines", async () => {
    const lines = [
      Buffer.from('{"a":1}'),
      Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d]),
      Buffer.from('{"a":"\0"}'),
      Buffer.from('{"a":'),
      Buffer.from("[1]"),
      Buffer.from(`{"a":"${"x".repeat(2_000)}"}`),
      Buffer.from(`${'{"a":'.repeat(70)}1${"}".repeat(70)}`),
      Buffer.from('{"a":1e999}'),
      Buffer.from('{"a":{"b":["\\u0000"]}}'),
      Buffer.from('{"a":"\\ud800"}'),
      Buffer.from('{"__proto__":{"isAdmin":true}}'),
      Buffer.from('{"a":2}'),
    ];
    const { good, bad } = await read(Buffer.concat(lines.flatMap((line) => [line, Buffer.from("\n")])), 50);
    expect(good).toEqual([{ a: 1 }, { a: 2 }]);
    expect(bad.map(({ line, pointer, message }) => [line, pointer, message])).toEqual([
      [2, "", expect.stringContaining("not valid UTF-8: see byte 7")],
      [3, "", expect.stringContaining("NUL")],
      [4, "", expect.stringContaining("ends too soon")],
      [5, "", expect.stringContaining("an array, not a JSON object")],
      [6, "", expect.stringContaining("longer than")],
      [7, "", expect.stringContaining("64 levels")],
      [8, "", expect.stringContaining("too large")],
      [9, "/a/b/0", expect.stringContaining("NUL")],
      [10, "/a", expect.stringContaining("surrogate")],
      [11, "", expect.stringContaining("__proto__")],
    ]);
  });

  test("a line of 100 MB is passed over without being held", async () => {
    async function* huge() {
      yield Buffer.from('{"a":1}\n{"a":"');
      for (let piece = 0; piece < 100; piece++) yield Buffer.alloc(MIB, "x");
      yield Buffer.from('"}\n{"a":2}\n');
    }
    const { readJsonl } = await import("./read-jsonl.ts");
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const all = [];
    for await (const rows of readJsonl(huge(), FILE_LIMITS)) {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      all.push(...rows);
    }
    expect(sortOut(all).good).toEqual([{ a: 1 }, { a: 2 }]);
    expect(sortOut(all).bad).toMatchObject([{ line: 2, message: expect.stringContaining("16 MiB") }]);
    expect(most).toBeLessThan(120 * MIB);
  });
});

describe("JSON", () => {
  const read = async (text: string, pieceBytes?: number) =>
    sortOut(await readAll(text, { name: "a.json", format: "json", pieceBytes, limits: small }));

  test.each([
    ["an array", '[{"a":1},\n {"a":"]}, {"}\n]'],
    ["an object of rows", '{"version": [1], "data": [{"a":1},{"a":"]}, {"}], "more": {"data": [{"b":1}]}}'],
    ["objects one after the other", '{"a":1}\n{"a":"]}, {"}'],
    ["objects over several lines", '{\n "a": 1\n}\n{\n"a": "]}, {"\n}\n'],
  ])("is read as %s, in pieces of any size", async (_, text) => {
    for (const size of [1, 2, 5, 1_000])
      expect(await read(text, size)).toEqual({ good: [{ a: 1 }, { a: "]}, {" }], bad: [] });
  });

  test("one broken element does not cost the others", async () => {
    const { good, bad } = await read(`[{"a":1},\n{"a" 2},\n7,\n{"a":"${"x".repeat(2_000)}"},\n{"a":3}]`, 10);
    expect(good).toEqual([{ a: 1 }, { a: 3 }]);
    expect(bad.map(({ line }) => line)).toEqual([2, 3, 4]);
  });

  test("a file that was cut off says so in its last line", async () => {
    const { good, bad } = await read('[{"a":1},\n{"a":');
    expect(good).toEqual([{ a: 1 }]);
    expect(bad).toMatchObject([{ line: 2, message: expect.stringContaining("incomplete") }]);
  });

  test("whatever can be written can be read", async () => {
    const rows = fc.array(
      fc.dictionary(
        fc.string().filter((key) => key !== "__proto__" && !key.includes("\0")),
        fc.jsonValue(),
      ),
    );
    const isKept = (text: string) => !/\\u0000|\\ud[89a-f]|e\+?30[89]/i.test(text) && text.length < 900;
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 40 }), async (written, size) => {
        const text = JSON.stringify(written);
        fc.pre(isKept(text) && text !== "[]");
        expect((await read(text, size)).good).toEqual(JSON.parse(text));
      }),
      { numRuns: 60 },
    );
  });
});

describe("CSV", () => {
  const read = async (
    bytes: Buffer | string,
    options: { name?: string; pieceBytes?: number; hasHeader?: boolean } = {},
  ) => sortOut(await readAll(bytes, { name: "a.csv", limits: small, ...options }));

  test.each([1, 2, 5, 65_536])(
    "is read in pieces of %i bytes: quotes, line ends within them, nothing and an empty text",
    async (size) => {
      const text = '\uFEFFa,b\r\n"x, ""y""\nz",1\r\n,""\r\n5" disk,2\r\n\r\n"q"tail,3';
      expect(await read(text, { pieceBytes: size })).toEqual({
        good: [{ a: 'x, "y"\nz', b: "1" }, { b: "" }, { a: '5" disk', b: "2" }, { a: "qtail", b: "3" }],
        bad: [],
      });
    },
  );

  test("ragged records are reported by line; empty cells at the end do not count", async () => {
    const { good, bad } = await read('a,b\n1,2\n"1\n2",3,4\n1\n5,6,,\n');
    expect(good).toEqual([
      { a: "1", b: "2" },
      { a: "5", b: "6" },
    ]);
    expect(bad).toMatchObject([
      { line: 3, message: expect.stringContaining("3 cells, but the header has 2") },
      { line: 5, message: expect.stringContaining("The row has 1 cell, but") },
    ]);
  });

  test("broken text and a quote that never closes cost their line alone", async () => {
    const bytes = Buffer.concat([Buffer.from("a,b\n1,"), Buffer.from([0xe9]), Buffer.from('\n1,\0\n"open,2\n3,4\n')]);
    const { good, bad } = await read(bytes);
    expect(good).toEqual([{ a: "3", b: "4" }]);
    expect(bad.map(({ line, message }) => [line, message.slice(0, 20)])).toEqual([
      [2, "The row is not valid"],
      [3, "Byte 3 of the line i"],
      [4, "A quote opens here b"],
    ]);
  });

  test("a file whose quotes never close is given up", async () => {
    const block = `"open\n${"y,z\n".repeat(300)}`;
    await expect(read(`a,b\n${block.repeat(12)}`)).rejects.toThrow("never closed");
  });

  test("columns are named once each, also without a name or a header", async () => {
    expect((await read("a,a,,__proto__\n1,2,3,4\n")).good).toEqual([{ a: "1", a_2: "2", column_3: "3", proto: "4" }]);
    expect((await read("1,2\n3,4\n", { hasHeader: false })).good).toEqual([
      { column_1: "1", column_2: "2" },
      { column_1: "3", column_2: "4" },
    ]);
    const many = `${"x,".repeat(1_001)}x\n`;
    await expect(readAll(many, { name: "a.csv" })).rejects.toThrow("1002 columns");
  });

  test("semicolons, tabs and columns of JSON are seen", async () => {
    expect((await read('a;b:json\n1,5;"{""c"":[1]}"\n')).good).toEqual([{ a: "1,5", b: { c: [1] } }]);
    expect((await read("a\tb\n1\t2\n", { name: "a.tsv" })).good).toEqual([{ a: "1", b: "2" }]);
    expect((await read("a,b:json\n1,{\n")).bad).toMatchObject([{ line: 2, pointer: "/b" }]);
  });
});

describe("what is no file of rows", () => {
  test.each([
    ["an empty file", "", "is empty"],
    ["a zip archive", Buffer.from([0x50, 0x4b, 3, 4, 0, 0]), "spreadsheet"],
    ["UTF-16", Buffer.from("\uFEFFa,b", "utf16le"), "UTF-16"],
    ["words", "hello there", "Set the format"],
    ["a damaged gzip file", gzipSync("a,b\n1,2\n").subarray(0, 15), "damaged or incomplete"],
    ["a Parquet file that is none", "PAR1 and then nothing", "its end is not the end of a Parquet file"],
  ])("%s is refused with a sentence", async (_, bytes, message) => {
    await expect(readAll(bytes, { name: "a.bin" })).rejects.toThrow(message);
  });

  test("a gzip bomb is refused before it has grown", async () => {
    const bomb = gzipSync(Buffer.alloc(200 * MIB, "\n"), { level: 9 });
    const before = process.memoryUsage().arrayBuffers;
    await expect(readAll(bomb, { name: "a.jsonl.gz" })).rejects.toThrow("expands too much");
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * MIB);
  });

  test("gzip that is honest is read by what is within", async () => {
    expect(sortOut(await readAll(gzipSync('{"a":1}\n{"a":2}\n'), { name: "rows.gz" })).good).toEqual([
      { a: 1 },
      { a: 2 },
    ]);
    expect(sortOut(await readAll(gzipSync("a,b\n1,2\n"), { name: "rows.csv.gz" })).good).toEqual([{ a: "1", b: "2" }]);
  });
});
