import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cutStripes } from "./cut-stripes.ts";
import { openTransfer } from "./testing/open-transfer.ts";

let world: Awaited<ReturnType<typeof openTransfer>>;
beforeAll(async () => {
  world = await openTransfer();
});
afterAll(() => world?.close());

const MIB = 1024 * 1024;
const FILLING = "what a row says beside its number ".repeat(12);

/**
 * More than one thread reads alone: duplicate rows far apart, rows with ids of which some are taken, and broken rows.
 */
function makeFile(): string {
  const rows: string[] = [];
  for (let row = 0; row < 14_000; row++) {
    if (row % 3_000 === 2_999) rows.push('{"question": ');
    else if (row % 500 === 7)
      rows.push(JSON.stringify({ id: `own-${row % 4_000}`, question: `own ${row}`, answer: FILLING }));
    else rows.push(JSON.stringify({ question: `row ${row % 13_000} ü`, answer: FILLING }));
  }
  return `${rows.join("\n")}\n`;
}

async function importAs(name: string, bytes: string | Buffer) {
  const datasetId = await world.makeDataset();
  const done = await world.importFile(datasetId, await world.send(name, bytes), { keepGoodRows: true });
  return { datasetId, done };
}

test("a file that several threads read gives what one alone makes of it, also behind what is there", async () => {
  const file = makeFile();
  expect(file.length).toBeGreaterThan(5 * MIB);
  const shared = await importAs("rows.jsonl", file);
  const alone = await importAs("rows.jsonl.gz", gzipSync(file));
  expect(shared.done.errorCount).toBeGreaterThan(10);
  expect(shared.done.errors.some(({ message }) => message.includes("is already used"))).toBe(true);
  expect(shared.done.rowsAdded).toBe(14_000 - shared.done.errorCount);
  for (const key of ["errors", "errorCount", "rowsRead", "rowsAdded"] as const)
    expect(shared.done[key], key).toEqual(alone.done[key]);
  expect(await world.rootOf(shared.datasetId)).toEqual(await world.rootOf(alone.datasetId));

  const more = await world.send("more.jsonl", file);
  const packed = await world.send("more.jsonl.gz", gzipSync(file));
  const again = await world.importFile(shared.datasetId, more, { keepGoodRows: true });
  const againAlone = await world.importFile(alone.datasetId, packed, { keepGoodRows: true });
  expect(again.errorCount).toBeGreaterThan(shared.done.errorCount);
  expect(again.errors).toEqual(againAlone.errors);
  const root = await world.rootOf(shared.datasetId);
  expect(root).toEqual(await world.rootOf(alone.datasetId));
  expect(root.rows).toBe(shared.done.rowsAdded + again.rowsAdded);
}, 120_000);

test("a file has the root that it always had", async () => {
  const rows = Array.from({ length: 4_000 }, (_, row) => ({
    messages: [
      { role: "system", content: 'Answer "briefly".' },
      { role: "user", content: `Where is order ${row}?${row % 11 === 0 ? " ü\n\t\\" : ""}` },
      { role: "assistant", content: row % 5 === 0 ? "On its way." : `In ${row % 90} days.` },
    ],
    metadata: { score: row / 8, topic: `t${row % 6}`, ...(row % 3 === 0 && { note: null, tags: ["a", row] }) },
  }));
  const { datasetId } = await importAs("orders.jsonl", rows.map((row) => JSON.stringify(row)).join("\n"));
  expect(await world.rootOf(datasetId)).toEqual({
    root: "b2ea260cb317e5da48f5d36b1f7baeb310108505030720a10dc44d4ab6c1c6f1",
    rows: 4_000,
  });
});

async function* inPieces(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function stripesOf(text: string, size: number, lineBytes = 16 * MIB) {
  const spare: Uint8Array[] = [];
  const stripes: { text: string; firstLine: number }[] = [];
  for await (const { bytes, firstLine } of cutStripes(inPieces(Buffer.from(text), size), {
    lineBytes,
    spare: () => spare.pop(),
  })) {
    stripes.push({ text: Buffer.from(bytes).toString(), firstLine });
    spare.push(bytes);
  }
  return stripes;
}

test("a file is cut between two lines, whatever pieces it comes in, and each piece knows its first line", async () => {
  const text = Array.from(
    { length: 90_000 },
    (_, line) => `${line} ${"x".repeat((line * 7) % 90)}${line % 50 === 0 ? "\n" : ""}`,
  ).join("\n");
  for (const size of [1_000, 65_537, MIB, 7 * MIB]) {
    const stripes = await stripesOf(text, size);
    expect(stripes.length).toBeGreaterThan(size > 2 * MIB ? 0 : 2);
    expect(stripes.map((stripe) => stripe.text).join("") === text).toBe(true);
    let line = 1;
    for (const stripe of stripes) {
      expect(stripe.firstLine).toBe(line);
      line += stripe.text.split("\n").length - 1;
      if (stripe !== stripes.at(-1)) expect(stripe.text.endsWith("\n")).toBe(true);
    }
  }
});

test("one byte more than the limit of a long line is retained, and the lines after it keep their numbers", async () => {
  const stripes = await stripesOf(`a\n${"b".repeat(9 * MIB)}\nc\nd\n`, 300_000, 2 * MIB);
  const [first = "", long = "", ...rest] = stripes
    .map(({ text }) => text)
    .join("")
    .split("\n");
  expect([first, long.length, ...rest]).toEqual(["a", 2 * MIB + 1, "c", "d", ""]);
  expect(stripes.at(-1)?.firstLine).toBeLessThanOrEqual(3);
});
