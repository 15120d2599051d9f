import fc from "fast-check";
import { expect, test } from "vitest";
import { beginRecord, joinRows, layLines, layRecord, lengthOf, readRows, sealRecord, splitRows } from "./record.ts";
import { scanRecords } from "./scan.ts";

const SEGMENT = 7;
const seal = (rows: readonly string[], sequence: number) =>
  Buffer.concat(sealRecord(layRecord("spans", rows), { segment: SEGMENT, sequence, time: 1_790_000_000_000 }));
const linesOf = (body: Buffer) => splitRows(readRows(body).lines).map(String);
const rowsOf = (buffer: Buffer) => scanRecords(buffer, 0, SEGMENT).records.flatMap((record) => linesOf(record.body));
const rowTexts = fc.array(
  fc.string({ unit: "binary" }).map((text) => JSON.stringify({ text: text.toWellFormed() })),
  { minLength: 1, maxLength: 4 },
);
const someRecords = fc.array(rowTexts, { minLength: 1, maxLength: 6 });

test("what is written is read back, whatever the text", () => {
  fc.assert(
    fc.property(someRecords, (records) => {
      const buffer = Buffer.concat(records.map((rows, index) => seal(rows, index + 1)));
      const scan = scanRecords(buffer, 0, SEGMENT);
      expect(scan.records.map((record) => [record.sequence, linesOf(record.body)])).toEqual(
        records.map((rows, index) => [index + 1, rows]),
      );
      expect(scan).toMatchObject({ damaged: [], tornFrom: null });
    }),
  );
});

test("a file cut off at any byte retains every complete record and invents nothing", () => {
  const records = [['{"a":1}'], ['{"b":"zwei ☂"}', '{"c":[]}'], [`{"d":"${"x".repeat(100)}"}`]];
  const sealed = records.map((rows, index) => seal(rows, index + 1));
  const whole = Buffer.concat(sealed);
  const ends = sealed.map((_, index) => sealed.slice(0, index + 1).reduce((sum, part) => sum + part.length, 0));
  for (let length = 0; length <= whole.length; length++) {
    const count = ends.filter((end) => end <= length).length;
    const scan = scanRecords(whole.subarray(0, length), 0, SEGMENT);
    expect(rowsOf(whole.subarray(0, length))).toEqual(records.slice(0, count).flat());
    expect(scan.damaged).toEqual([]);
    expect(scan.tornFrom).toBe(length === (ends[count - 1] ?? 0) ? null : (ends[count - 1] ?? 0));
  }
});

test("any one changed byte costs at most the record it is in", () => {
  const records = [['{"a":1}'], ['{"b":2}'], ['{"c":3}']];
  const sealed = records.map((rows, index) => seal(rows, index + 1));
  const whole = Buffer.concat(sealed);
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const broken = Buffer.from(whole);
      broken[at] = (broken[at] ?? 0) ^ change;
      const hit = Math.floor(at / (whole.length / 3));
      expect(rowsOf(broken)).toEqual(records.filter((_, index) => index !== hit).flat());
    }),
    { numRuns: 500 },
  );
});

test("any bytes at all are read without an error, and no record is made of noise", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
      expect(scanRecords(Buffer.from(noise), 0, SEGMENT).records).toEqual([]);
    }),
  );
});

test("a record of another segment, left in a reused block, is not taken for one of this", () => {
  const place = { segment: SEGMENT - 1, sequence: 2, time: 0 };
  const stale = Buffer.concat(sealRecord(layRecord("spans", ['{"stale":true}']), place));
  expect(rowsOf(Buffer.concat([seal(['{"a":1}'], 1), stale]))).toEqual(['{"a":1}']);
});

test("a length that is zeros to the end is a write that was cut off, not damage", () => {
  const first = seal(['{"a":1}'], 1);
  expect(scanRecords(Buffer.concat([first, Buffer.alloc(5_000)]), 0, SEGMENT)).toMatchObject({
    damaged: [],
    tornFrom: first.length,
  });
});

test("a record that grows row by row is the same as one laid out at once, and takes what fits to the byte", () => {
  fc.assert(
    fc.property(rowTexts, fc.nat(300), ([first = "", ...rest], capacity) => {
      const record = beginRecord("spans", { bytes: Buffer.alloc(capacity), line: first });
      const lines = [first, ...rest.filter((line) => record.add(line))];
      const { bytes, rows } = record.finish();
      expect(rows).toBe(lines.length);
      const laid = layRecord("spans", lines).bytes;
      expect(bytes.length).toBe(laid.length);
      expect(bytes.length <= capacity || lines.length === 1).toBe(true);
      for (const one of [bytes, laid]) sealRecord({ bytes: one, rows }, { segment: SEGMENT, sequence: 1, time: 5 });
      expect(bytes.equals(laid)).toBe(true);
      const refused = rest.find((line) => !lines.includes(line));
      if (refused !== undefined) expect(bytes.length + 1 + Buffer.byteLength(refused)).toBeGreaterThan(capacity);
    }),
  );
});

test("rows that another thread encoded make the same record as rows that are laid out here", () => {
  fc.assert(
    fc.property(rowTexts, (rows) => {
      const lines = Buffer.from(rows.join("\n"));
      const record = layLines({ table: "spans", lines, rows: rows.length });
      const sealed = Buffer.concat(sealRecord(record, { segment: SEGMENT, sequence: 3, time: 1_790_000_000_000 }));
      expect(sealed.equals(seal(rows, 3))).toBe(true);
      expect(lengthOf(record)).toBe(sealed.length);
    }),
  );
});

test("rows that are joined and split are the same rows", () => {
  fc.assert(
    fc.property(rowTexts, (rows) => {
      expect(splitRows(joinRows(rows.map((row) => Buffer.from(row)))).map(String)).toEqual(rows);
    }),
  );
});
