import type { FileReading, ItemShape } from "@treadle/contract";
import { expect, test } from "vitest";
import { createRowEncoder, type EncodedRow } from "../chunks/item-hash.ts";
import { FILE_LIMITS } from "../files/limits.ts";
import { readJsonl } from "../files/read-jsonl.ts";
import { createItemCheck } from "../items/check-schema.ts";
import { guessMapping } from "../shapes/guess-mapping.ts";
import { createRowCounter } from "../stores/chunk-stats.ts";
import { createItemReader, emptyTally } from "./import-items.ts";
import { createLineReader, holdsControls, type LineSink } from "./read-lines.ts";
import { canonicalNumber } from "./row-pattern.ts";

const FREE = { inputs: null, expected: null, metadata: null };
const COLUMNS = ["question", "answer", "score", "id", "topic"];
const readingOf = (shape: ItemShape, ids: FileReading["ids"] = "file") => ({
  format: "jsonl" as const,
  shape,
  mapping: guessMapping(COLUMNS),
  ids,
  hasHeader: true,
});
type Reading = ReturnType<typeof readingOf>;

/**
 * The result of a file: its lines, their counts and its errors. `alone` is the number of lines that were parsed
 * individually.
 */
function createSink(reading: Reading) {
  const rows: Pick<EncodedRow, "said" | "rest" | "rowHash">[] = [];
  const ownLines: number[] = [];
  const counter = createRowCounter();
  const encoder = createRowEncoder();
  const tally = emptyTally();
  const counts = { alone: 0 };
  function add({ item, said, rest, rowHash }: EncodedRow, ownLine: number) {
    counter.count(item);
    rows.push({ said, rest, rowHash });
    ownLines.push(ownLine);
  }
  const readAll = createItemReader({ fileName: "f.jsonl", reading, check: createItemCheck(FREE), encoder, add });
  const readInto: LineSink["readInto"] = (some, into) => {
    counts.alone += some.length;
    readAll(some, into);
  };
  const state = () => ({ rows, ownLines, tally, stats: counter.stats() });
  return { sink: { encoder, readInto, add, tally }, seen: counts, told: state };
}

async function* only(bytes: Buffer) {
  yield bytes;
}

/** Reads the same text line by line, and with what its lines have in common. */
async function readBoth(text: string, reading: Reading) {
  const [single, joined] = [createSink(reading), createSink(reading)];
  for await (const some of readJsonl(only(Buffer.from(text)), FILE_LIMITS))
    single.sink.readInto(some, single.sink.tally);
  const readLines = createLineReader("f.jsonl", { reading, isChecked: false });
  const lines = text.split(/(?<=\n)/);
  let line = 1;
  for (let at = 0; at < lines.length; at += 50)
    line = await readLines(Buffer.from(lines.slice(at, at + 50).join("")), line, joined.sink);
  return { single: single.told(), joined: joined.told(), alone: joined.seen.alone };
}

const TEXTS = [
  "",
  "plain",
  'a "quote"',
  "back\\slash",
  "line\nfeed\ttab",
  "ü 😀 \u2028 \u007f",
  "a/b",
  "\u0001",
  "1",
  "{}",
  "[]",
];
const NUMBERS = [0, -0, 7, -3.25, 0.1, 1e21, 1e-7, 123456789012345680000, 5e-324];
const textAt = (place: number) => `${TEXTS[place % TEXTS.length]}${place % 3 === 0 ? place % 40 : ""}`;
const numberAt = (place: number) => NUMBERS[place % NUMBERS.length];
const turns = (place: number) =>
  Array.from({ length: 1 + (place % 3) }, (_, turn) => ({
    role: turn % 2 ? "assistant" : "user",
    content: textAt(place + turn),
  }));

/** Rows as programs write them, with the same keys and different texts. */
const ROWS: Partial<Record<ItemShape, (place: number) => object>> = {
  "openai-chat": (place) => ({
    messages: [...turns(place), { role: "assistant", content: textAt(place * 7) }],
    metadata: { score: numberAt(place), inner: { list: [textAt(place), numberAt(place + 1), null] } },
    topic: textAt(place + 2),
  }),
  sharegpt: (place) => ({
    id: `row-${place}`,
    conversations: [
      { from: "human", value: textAt(place) },
      { from: "gpt", value: textAt(place + 1) },
    ],
  }),
  alpaca: (place) => ({
    instruction: textAt(place),
    input: "",
    output: `label ${place % 9}`,
    difficulty: numberAt(place),
  }),
  treadle: (place) => ({
    id: place + 1,
    inputs: { q: textAt(place), n: numberAt(place) },
    expected: textAt(place + 3),
  }),
  table: (place) => ({ question: textAt(place), answer: textAt(place + 1), score: numberAt(place), id: `i.${place}` }),
};

test.each(Object.entries(ROWS))(
  "lines of %s that are written alike become what each alone becomes",
  async (shape, rowAt) => {
    const text = Array.from(
      { length: 1_200 },
      (_, place) => `${JSON.stringify(rowAt(place))}${place % 5 ? "\n" : "\r\n"}`,
    ).join("");
    for (const ids of ["file", "content"] as const) {
      const { single, joined, alone } = await readBoth(text, readingOf(shape as ItemShape, ids));
      expect(joined).toEqual(single);
      expect(joined.tally).toMatchObject({ rowsRead: 1_200, errorCount: 0 });
      expect(alone, "most lines are put together").toBeLessThan(600);
    }
  },
);

test("numbers and escapes that may be written in several ways become the one way", async () => {
  const lines = ["1.0", "1E2", "-0.0", "1e-8", "0.10", "100000000000000000000000"].flatMap((number, place) =>
    ["a\\/b", "\\u0041", "\\u00e9", "\\b\\f", "\\ud83d\\ude00"].map(
      (text) =>
        `{"messages":[{"role":"user","content":"${text} ${place}"}],"metadata":{"n":${number},"b":true,"a":{}}}`,
    ),
  );
  const { single, joined, alone } = await readBoth(lines.join("\n"), readingOf("openai-chat"));
  expect(joined).toEqual(single);
  expect(joined.tally).toMatchObject({ rowsRead: 30, errorCount: 0 });
  expect(alone).toBeLessThan(30);
});

const chat = (content: string, more = "") =>
  `{"messages":[{"role":"user","content":"${content}"}],"metadata":{"n":1}${more}}`;
/** Lines that look like their neighbors but differ. */
const ODD: Record<string, string> = {
  "a control character": chat("a\u0001b"),
  "NUL as an escape": chat("a\\u0000b"),
  "half of a surrogate pair": chat("\\ud83d"),
  "an escape that is none": chat("a\\x"),
  "a text that does not end": chat("a\\"),
  "a number that is too large": chat("a").replace("1}", "1e999}"),
  "a number with a zero before it": chat("a").replace("1}", "01}"),
  "a number that is none": chat("a").replace("1}", "1-1}"),
  "a missing number": chat("a").replace("1}", "}"),
  "something behind it": `${chat("a")} x`,
  "half a line": chat("a").slice(0, -9),
  "another key": chat("a", ',"id":"own"'),
  "an id that is none": chat("a", ',"id":"not an id"'),
  "an empty id": chat("a", ',"id":""'),
  "a key twice": chat("a", ',"metadata":{"n":2}'),
  "the key __proto__": chat("a", ',"__proto__":{}'),
  "a mark of ours": chat("treadle:hole:0:"),
  "a wrong role": chat("a").replace("user", "usher"),
  "a number for a text": chat("a").replace('"a"', "5"),
  blanks: "  \t",
  nothing: "",
  "blanks between": chat("a").replaceAll(":", " : "),
};

test.each(Object.entries(ODD))("among lines written alike, one with %s is told or taken as alone", async (_, odd) => {
  const even = Array.from({ length: 120 }, (_, place) => chat(`even ${place}`));
  const text = [...even.slice(0, 70), odd, ...even.slice(70), odd].join("\n");
  const { single, joined, alone } = await readBoth(text, readingOf("openai-chat"));
  expect(joined).toEqual(single);
  expect(alone).toBeLessThan(120);
});

test("a duplicate id is reported by its line, for both ways of parsing", async () => {
  const rows = Array.from({ length: 100 }, (_, place) =>
    JSON.stringify({ id: `i${place % 60}`, inputs: { q: place } }),
  );
  const { single, joined } = await readBoth(rows.join("\n"), readingOf("treadle"));
  expect(joined).toEqual(single);
  expect(joined.tally).toMatchObject({ rowsRead: 100, errorCount: 40 });
  expect(joined.tally.errors[0]?.line).toBe(61);
});

test("lines of which each says where it came from are not mixed up", async () => {
  const rows = Array.from({ length: 80 }, (_, line) =>
    JSON.stringify({ inputs: { q: `q${line % 7}` }, source: { kind: "file", file: "other.jsonl", line } }),
  );
  const { single, joined } = await readBoth(rows.join("\n"), readingOf("treadle"));
  expect(joined).toEqual(single);
});

test("an item that is too large, and larger than its line, is reported by its line", async () => {
  const rowOf = (text: string) => `{"inputs":{"q":"${text}"}}`;
  const lines = [rowOf("a"), rowOf("b"), rowOf("x".repeat(16 * 1024 * 1024 - 30)), rowOf("c")];
  const { single, joined } = await readBoth(lines.join("\n"), readingOf("treadle"));
  expect(joined.tally).toEqual(single.tally);
  expect(joined.tally.errors).toMatchObject([{ line: 3, message: expect.stringContaining("larger than 16 MiB") }]);
});

test("where lines have little in common, they are read as they were before", async () => {
  const rows = Array.from({ length: 3_000 }, (_, place) => JSON.stringify({ inputs: { [`key ${place}`]: place } }));
  const { single, joined } = await readBoth(rows.join("\n"), readingOf("treadle"));
  expect(joined).toEqual(single);
});

test("a number is written as JavaScript writes it", () => {
  let seed = 1;
  const next = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  for (let round = 0; round < 8_000; round++) {
    const digits = Math.floor(next() * 17);
    const number = (next() - 0.3) * 10 ** Math.floor(next() * 50 - 25);
    for (const text of [String(number), number.toPrecision(1 + digits), number.toFixed(digits)])
      expect(canonicalNumber(text)).toBe(JSON.stringify(JSON.parse(text)));
  }
  for (const text of ["", "-", "01", "+1", ".5", "1.", "1e", "--1", "1e400", "-1e400", "9".repeat(310)])
    expect(canonicalNumber(text), text).toBeNull();
});

test("a byte below the blank is found wherever it stands, and the end of a line is none", () => {
  for (let length = 1; length < 40; length++)
    for (let at = 0; at < length; at++)
      for (const offset of [0, 1, 2, 3]) {
        const bytes = Buffer.alloc(length + offset, "\u00ff~ ", "latin1").subarray(offset);
        expect(holdsControls(bytes)).toBe(false);
        bytes[at] = 0x0a;
        expect(holdsControls(bytes)).toBe(false);
        bytes[at] = [0x00, 0x01, 0x09, 0x0d, 0x1f][at % 5] ?? 0;
        expect(holdsControls(bytes), `${at} of ${length}`).toBe(true);
      }
  expect(holdsControls(Buffer.from("a\r\nb\r\n"))).toBe(false);
});
