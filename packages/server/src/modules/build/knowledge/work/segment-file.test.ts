import fc from "fast-check";
import { expect, test } from "vitest";
import { READERS } from "../../../../platform/documents/formats/readers.ts";
import { DOCUMENT_LIMITS } from "../../../../platform/documents/limits.ts";
import { parseDocument } from "../../../../platform/documents/parser/parse-document.ts";
import { hashedVector } from "../testing/hashed-embedding.ts";
import { indexWork } from "./index-work.ts";
import { partsOf, readMeta, readSegment, SEGMENT_HEAD, type SegmentMeta, writeSegment } from "./segment-file.ts";

const chunk = {
  id: "c1",
  start: 0,
  end: 4,
  page: null,
  lastPage: null,
  headings: ["Top"],
  tokens: 1,
  embeddedHash: "h",
};
const META: SegmentMeta = {
  format: 1,
  documentId: "kdoc_1",
  language: "en",
  dimensions: 2,
  chunks: [
    { ...chunk, textStart: 0, textEnd: 5 },
    { ...chunk, id: "c2", start: 4, end: 6, page: 3, lastPage: 4, textStart: 5, textEnd: 7 },
  ],
};
const TEXTS = [Buffer.from("naïv"), Buffer.from("e!")];
const TERMS = Uint8Array.of(7, 8, 9);
const VECTORS = Float32Array.of(0.6, 0.8, 1, 0);
const written = () => writeSegment({ meta: META, terms: TERMS, vectors: VECTORS }, TEXTS);

test("a segment reads back its description, terms, vectors and texts", () => {
  const file = written();
  const { meta, terms, vectors } = readSegment(file);
  expect(meta).toEqual(META);
  expect([...terms]).toEqual([...TERMS]);
  expect([...vectors]).toEqual([...VECTORS]);
  const parts = partsOf(file.subarray(SEGMENT_HEAD.start, SEGMENT_HEAD.end));
  expect(parts.texts.end).toBe(file.byteLength);
  const texts = meta.chunks.map(({ textStart, textEnd }) =>
    file.subarray(parts.texts.start + textStart, parts.texts.start + textEnd).toString(),
  );
  expect(texts).toEqual(["naïv", "e!"]);
});

test("a segment at any offset of its buffer reads the same", () => {
  const shifted = Buffer.concat([Buffer.alloc(3), written()]).subarray(3);
  expect([...readSegment(shifted).vectors]).toEqual([...VECTORS]);
});

test("a segment that is cut off anywhere is rejected", () => {
  const file = written();
  for (let length = 0; length < file.byteLength; length++)
    expect(() => readSegment(file.subarray(0, length))).toThrow(
      new TypeError(`The segment is cut off: it has only ${length} bytes. Delete its document and upload it again.`),
    );
});

test("another file and another format are rejected", () => {
  const described = (text: string) => {
    const head = Buffer.alloc(SEGMENT_HEAD.end);
    head.writeUInt32LE(text.length, 0);
    return Buffer.concat([head, Buffer.from(text)]);
  };
  const notRead = "The file is not a segment that this version of Treadle can read.";
  expect(() => readSegment(described("%PDF-1.7"))).toThrow(notRead);
  expect(() => readSegment(described(JSON.stringify({ ...META, format: 2 })))).toThrow(notRead);
  expect(() => readMeta(Buffer.from("{}"))).toThrow(notRead);
});

test("vectors that do not fit the chunks are rejected", () => {
  const file = writeSegment({ meta: META, terms: TERMS, vectors: VECTORS.subarray(0, 3) }, TEXTS);
  expect(() => readSegment(file)).toThrow("The segment has 3 numbers for 2 chunks instead of 4.");
});

const line = fc.string({ unit: fc.constantFrom(..."abc déßñ漢字かな😀 .,!?-"), minLength: 1, maxLength: 120 });
const block = fc.oneof(
  line.map((text) => `## ${text}`),
  line,
  fc.array(line, { minLength: 1, maxLength: 4 }).map((items) => items.map((item) => `- ${item}`).join("\n")),
  line.map((text) => `\`\`\`\n${text}\n\`\`\``),
  fc.array(line, { minLength: 5, maxLength: 30 }).map((sentences) => sentences.map((one) => `${one}. `).join("")),
);

test("the text of each chunk in a segment is the part of the canonical text between its offsets", async () => {
  let checked = 0;
  const property = fc.asyncProperty(
    fc.array(block, { minLength: 1, maxLength: 12 }),
    fc.integer({ min: 32, max: 90 }),
    async (blocks, chunkTokens) => {
      const bytes = Buffer.from(blocks.join("\n\n"));
      const { parsed } = await parseDocument({ bytes, name: "a.md" }, { readers: READERS, limits: DOCUMENT_LIMITS });
      const order = { parsed: Buffer.from(JSON.stringify(parsed)), documentId: "kdoc_1", title: "A title" };
      const cut = indexWork.cut({ ...order, indexing: { chunkTokens, overlap: 0.2 }, maxTokens: 100 });
      const vectors = Float32Array.from(cut.flatMap(({ embedded }) => [...hashedVector(embedded)]));
      const chunks = cut.map((one) => ({ ...one.chunk, embeddedHash: one.embeddedHash }));
      const { file } = indexWork.seal({ ...order, language: "en", dimensions: 64, chunks, vectors });
      const { meta } = readSegment(file);
      const { start: first } = partsOf(file).texts;
      for (const { start, end, textStart, textEnd } of meta.chunks) {
        const stored = Buffer.from(file)
          .subarray(first + textStart, first + textEnd)
          .toString();
        expect(stored).toBe(parsed.text.slice(start, end));
        checked++;
      }
    },
  );
  await fc.assert(property, { numRuns: 150 });
  expect(checked).toBeGreaterThan(300);
});
