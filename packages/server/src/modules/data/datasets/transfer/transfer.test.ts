import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DAY_MS } from "../../../../kernel/day.ts";
import { openTransfer, scopeOf } from "./testing/open-transfer.ts";

let world: Awaited<ReturnType<typeof openTransfer>>;
beforeAll(async () => {
  world = await openTransfer();
});
afterAll(() => world?.close());

const lines = (rows: readonly object[]) => `${rows.map((row) => JSON.stringify(row)).join("\n")}\n`;
const user = (content: string) => ({ role: "user", content });
const assistantMessage = (content: string, more: object = {}) => ({ role: "assistant", content, ...more });
const call = { id: "c9", type: "function", function: { name: "f", arguments: '{ "a": 1 }' } };
const many = <Row>(make: (place: number) => Row) => Array.from({ length: 600 }, (_, place) => make(place));

/** Rows of each shape, with repeats, ids, splits, metadata, and texts that tables stumble over. */
const FILES = {
  treadle: many((place) => ({
    inputs: { q: `q${place}` },
    expected: { a: [place] },
    metadata: { n: null },
    split: "train",
  })),
  "openai-chat": [
    ...many((place) => ({ messages: [user(`q${place}`), assistantMessage(`a${place % 5}`, { weight: place % 2 })] })),
    { messages: [user("same"), assistantMessage("same")] },
    { messages: [user("same"), assistantMessage("same")], split: "test" },
    {
      messages: [user("w?"), { role: "assistant", content: null, tool_calls: [call] }],
      tools: [{ type: "function" }],
      id: "x:1",
    },
    { messages: [user("open")], metadata: { topic: "=1+1" } },
  ],
  "openai-preference": many((place) => ({
    input: { messages: [user(`q${place}`)] },
    preferred_output: [assistantMessage("good")],
    non_preferred_output: [assistantMessage(`bad ${place}`)],
  })),
  sharegpt: many((place) => ({
    conversations: [
      { from: "human", value: `q${place}` },
      { from: "function_call", value: '{"name": "f", "arguments": {"a": 1}}' },
      { from: "observation", value: "r" },
      { from: "gpt", value: "done" },
    ],
  })),
  alpaca: many((place) => ({ instruction: `i${place % 300}`, input: place % 3 ? "-x" : "", output: "o" })),
  "prompt-completion": many((place) => ({ prompt: `p${place}\n"quoted", and more`, completion: " c", topic: "'=x" })),
  "trl-preference": many((place) => ({
    chosen: `\n\nHuman: h${place}\n\nAssistant: yes`,
    rejected: `\n\nHuman: h${place}\n\nAssistant: no`,
  })),
  kto: many((place) => ({ prompt: `p${place}`, completion: "c", label: place % 2 === 0 })),
  langfuse: many((place) => ({ id: `lf-${place}`, input: { q: place }, expectedOutput: "o", metadata: { m: place } })),
  langsmith: many((place) => ({
    inputs: { q: place },
    outputs: { answer: "o" },
    metadata: { dataset_split: ["test"] },
  })),
  table: many((place) => ({ question: `q${place}`, score: place / 7, answer: "", topic: "=cmd()" })),
} as const;

describe.each(Object.entries(FILES))("%s", (shape, rows) => {
  test.each(["jsonl", "json", "csv", "tsv", "parquet"] as const)(
    "exported as %s and imported again has the same root",
    async (format) => {
      const first = await world.makeDataset();
      const imported = await world.importFile(first, await world.send("rows.jsonl", lines(rows)));
      expect(imported).toMatchObject({ failure: null, state: "done", rowsRead: rows.length, rowsAdded: rows.length });
      const exported = await world.exportFile(first, { format, shape: shape as keyof typeof FILES });
      expect(exported.rows).toBe(rows.length);
      const second = await world.makeDataset();
      const again = await world.importFile(second, await world.send(exported.name, exported.bytes));
      expect(again).toMatchObject({ failure: null, errorCount: 0 });
      expect(await world.rootOf(second)).toEqual(await world.rootOf(first));
    },
  );
});

describe("a file with errors", () => {
  const file = lines([{ question: "1", answer: "a" }, { question: "2" }]).replace("\n", '\n{"question":\n[1]\n');

  test("is rejected as a whole, and every error is reported by line", async () => {
    const datasetId = await world.makeDataset();
    const { failure, state, errors, errorCount, rowsRead, rowsAdded } = await world.importFile(
      datasetId,
      await world.send("rows.jsonl", file),
    );
    expect([state, errorCount, rowsRead, rowsAdded]).toEqual(["refused", 2, 4, 0]);
    expect(errors.map(({ line }) => line)).toEqual([2, 3]);
    expect(failure).toContain("2 of 4 rows have errors, the first in line 2");
    expect((await world.rootOf(datasetId)).rows).toBe(0);
  });

  test("gives its good rows when they are asked for", async () => {
    const datasetId = await world.makeDataset();
    const fileId = await world.send("rows.jsonl", file);
    const done = await world.importFile(datasetId, fileId, { keepGoodRows: true });
    expect([done.state, done.errorCount, done.rowsAdded]).toEqual(["done", 2, 2]);
    expect((await world.rootOf(datasetId)).rows).toBe(2);
  });

  test("of thousands stores the first, and counts all", async () => {
    const datasetId = await world.makeDataset();
    const fileId = await world.send("rows.jsonl", `{"a":"b"}\n${"{\n".repeat(2_500)}`);
    const done = await world.importFile(datasetId, fileId, { keepGoodRows: true });
    expect([done.errorCount, done.errors.length, done.rowsAdded]).toEqual([2_500, 1_000, 1]);
  });

  test("that violates the dataset's schema is reported with its place", async () => {
    const inputs = { type: "object", properties: { question: { type: "string" } }, required: ["question"] };
    const datasetId = await world.makeDataset({ inputs });
    const fileId = await world.send("rows.jsonl", lines([{ inputs: { question: "1" } }, { inputs: { other: "2" } }]));
    const refused = await world.importFile(datasetId, fileId);
    expect(refused.errors, refused.failure ?? "").toMatchObject([{ line: 2, pointer: "/inputs/question" }]);
  });

  test("without any row, or cut off, says so", async () => {
    const datasetId = await world.makeDataset();
    const empty = await world.importFile(datasetId, await world.send("rows.csv", "a,b\n"));
    expect(empty.failure).toContain("contains no rows");
    const rows = Array.from({ length: 20_000 }, (_, place) => ({ a: `${Math.sin(place)}` }));
    const cut = gzipSync(lines(rows)).subarray(0, -200);
    const refused = await world.importFile(datasetId, await world.send("rows.jsonl.gz", cut), { keepGoodRows: true });
    expect(refused.failure).toContain("damaged or incomplete");
    expect((await world.rootOf(datasetId)).rows).toBe(0);
  });
});

describe("a second import", () => {
  test("appends; an id that is taken is an error, and the same content is another item", async () => {
    const datasetId = await world.makeDataset();
    const own = await world.send("rows.jsonl", lines([{ id: "a", inputs: { q: 1 } }]));
    const content = await world.send("rows.jsonl", lines([{ inputs: { q: 2 } }]));
    for (const fileId of [own, content, content])
      expect((await world.importFile(datasetId, fileId)).failure).toBe(null);
    expect((await world.rootOf(datasetId)).rows).toBe(3);
    const rejected = await world.importFile(datasetId, own);
    expect(rejected.errors, rejected.failure ?? "").toMatchObject([
      { line: 1, pointer: "/id", message: expect.stringContaining('"a" is already used') },
    ]);
    const again = await world.importFile(datasetId, own, { ids: "content" });
    expect([again.failure, (await world.rootOf(datasetId)).rows]).toEqual([null, 4]);
  });

  test("replaces everything on request, and can be undone", async () => {
    const datasetId = await world.makeDataset();
    await world.importFile(datasetId, await world.send("rows.jsonl", lines([{ a: 1 }, { a: 2 }])));
    const before = await world.rootOf(datasetId);
    await world.importFile(datasetId, await world.send("rows.jsonl", lines([{ a: 3 }])), { mode: "replace" });
    expect((await world.rootOf(datasetId)).rows).toBe(1);
    const draft = await world.moves.undo(world.scope, { datasetId, branch: "main" });
    expect(draft.steps.map(({ summary }) => summary)).toEqual([
      "Imported 2 items from rows.jsonl",
      "Replaced everything with 1 items from rows.jsonl",
    ]);
    expect(await world.rootOf(datasetId)).toEqual(before);
  });

  test("replaces rows with the same ids on request, adds the others, and can be undone", async () => {
    const datasetId = await world.makeDataset();
    const rowsOf = async () => {
      const { bytes } = await world.exportFile(datasetId, { shape: "treadle" });
      return bytes
        .toString()
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line))
        .map(({ id, itemId, inputs, split }) => [itemId ?? id, inputs.q, split ?? null]);
    };
    const row = (id: string, q: string, more: object = {}) => ({ id, inputs: { q }, ...more });
    const first = [row("a", "1"), row("b", "2", { split: "test" }), row("c", "3")];
    await world.importFile(datasetId, await world.send("first.jsonl", lines(first)));
    const before = await world.rootOf(datasetId);
    const second = [row("d", "4"), row("b", "two"), row("a", "1"), row("e", "5")];
    const done = await world.importFile(datasetId, await world.send("second.jsonl", lines(second)), { mode: "upsert" });
    expect(done).toMatchObject({ failure: null, state: "done", rowsRead: 4, rowsAdded: 2, rowsReplaced: 2 });
    expect(await rowsOf()).toEqual([
      ["a", "1", null],
      ["b", "two", null],
      ["c", "3", null],
      ["d", "4", null],
      ["e", "5", null],
    ]);

    const same = await world.importFile(datasetId, await world.send("second.jsonl", lines(second)), { mode: "upsert" });
    expect(same).toMatchObject({ failure: null, rowsAdded: 0, rowsReplaced: 4 });
    await world.moves.undo(world.scope, { datasetId, branch: "main" });
    const draft = await world.moves.undo(world.scope, { datasetId, branch: "main" });
    expect(draft.steps.map(({ summary, counts }) => [summary, counts])).toEqual([
      ["Imported 3 items from first.jsonl", { added: 3, removed: 0, changed: 0 }],
      ["Imported 2 new items from second.jsonl, 1 changed", { added: 2, removed: 0, changed: 1 }],
      ["Imported 0 new items from second.jsonl, 0 changed", { added: 0, removed: 0, changed: 0 }],
    ]);
    expect(await world.rootOf(datasetId)).toEqual(before);
  });

  test("that replaces rows rejects a duplicate id in the file, and imports the valid rows on request", async () => {
    const datasetId = await world.makeDataset();
    const file = lines([
      { id: "a", inputs: { q: 1 } },
      { id: "a", inputs: { q: 2 } },
      { id: "b", inputs: { q: 3 } },
    ]);
    await world.importFile(datasetId, await world.send("rows.jsonl", lines([{ id: "a", inputs: { q: 0 } }])));
    const before = await world.rootOf(datasetId);
    const fileId = await world.send("rows.jsonl", file);
    const refused = await world.importFile(datasetId, fileId, { mode: "upsert" });
    expect(refused).toMatchObject({ state: "refused", rowsAdded: 0, rowsReplaced: 0, errors: [{ line: 2 }] });
    expect(await world.rootOf(datasetId)).toEqual(before);
    const imported = await world.importFile(datasetId, fileId, { mode: "upsert", keepGoodRows: true });
    expect(imported).toMatchObject({ state: "done", rowsRead: 3, errorCount: 1, rowsAdded: 1, rowsReplaced: 1 });
    expect((await world.rootOf(datasetId)).rows).toBe(2);
  });

  test("is rebased if another user changed the draft", async () => {
    const datasetId = await world.makeDataset();
    const [one, two] = [
      await world.send("one.jsonl", lines([{ a: 1 }])),
      await world.send("two.jsonl", lines([{ a: 2 }])),
    ];
    const both = await Promise.all([world.importFile(datasetId, one), world.importFile(datasetId, two)]);
    expect(both.map(({ failure }) => failure)).toEqual([null, null]);
    expect((await world.rootOf(datasetId)).rows).toBe(2);
  });

  test("of a job that ran before and was not told so adds nothing", async () => {
    const datasetId = await world.makeDataset();
    const { jobId } = await world.importFile(datasetId, await world.send("rows.jsonl", lines([{ a: 1 }])));
    expect(await world.jobs.run(jobId)).toMatchObject({ state: "done", rowsAdded: 1 });
    expect((await world.rootOf(datasetId)).rows).toBe(1);
  });

  test("that is cancelled leaves the draft as it was", async () => {
    const datasetId = await world.makeDataset();
    const fileId = await world.send("rows.jsonl", lines(many((place) => ({ a: place }))));
    const input = {
      branch: "main",
      mode: "append",
      keepGoodRows: false,
      hasHeader: true,
      ids: "file",
      fileId,
    } as const;
    const { jobId } = await world.transfer.startImport(world.scope, datasetId, input);
    await expect(world.jobs.run(jobId, AbortSignal.abort(new Error("stopped")))).rejects.toThrow("stopped");
    expect((await world.rootOf(datasetId)).rows).toBe(0);
  });
});

describe("a file", () => {
  test("needs all its parts, and takes each again until it is complete", async () => {
    const { files } = world.transfer;
    const { fileId } = await files.create(world.scope, { name: "rows.jsonl" });
    await files.putPart(world.scope, { fileId, part: 1 }, Buffer.from('1}\n{"a":2}\n'));
    await expect(files.complete(world.scope, fileId, { parts: 2 })).rejects.toThrow("Part 0 was not sent");
    await files.putPart(world.scope, { fileId, part: 0 }, Buffer.from("wrong"));
    await files.putPart(world.scope, { fileId, part: 0 }, Buffer.from('{"a":'));
    await expect(files.preview(world.scope, fileId, { hasHeader: true, ids: "file" })).rejects.toThrow("not complete");
    const file = await files.complete(world.scope, fileId, { parts: 2 });
    expect(file).toMatchObject({ state: "ready", format: "jsonl", sizeBytes: 16 });
    const { items } = await files.preview(world.scope, fileId, { hasHeader: true, ids: "file" });
    expect(items.map(({ inputs }) => inputs)).toEqual([{ a: 1 }, { a: 2 }]);
    await expect(files.putPart(world.scope, { fileId, part: 0 }, Buffer.from("x"))).rejects.toThrow(
      "is already complete",
    );
  });

  test("is there for its own project alone, and for a week", async () => {
    const { files } = world.transfer;
    const fileId = await world.send("rows.jsonl", '{"a":1}\n');
    await expect(files.get(scopeOf("prj_b"), fileId)).rejects.toMatchObject({ code: "not_found" });
    await expect(files.delete(scopeOf("prj_b"), fileId)).rejects.toMatchObject({ code: "not_found" });
    world.forward(8 * DAY_MS);
    await expect(files.get(world.scope, fileId)).rejects.toMatchObject({ code: "not_found" });
    const before = await world.objects.sizeBytes();
    await world.send("rows.jsonl", '{"a":1}\n');
    expect(await world.objects.sizeBytes()).toBeLessThan(before);
  });

  test("of Parquet within gzip is unpacked as it arrives", async () => {
    const datasetId = await world.makeDataset();
    await world.importFile(datasetId, await world.send("rows.jsonl", lines(FILES.kto)));
    const { bytes } = await world.exportFile(datasetId, { format: "parquet" });
    const second = await world.makeDataset();
    const done = await world.importFile(second, await world.send("rows.parquet.gz", gzipSync(bytes)));
    expect(done.failure).toBe(null);
    expect(await world.rootOf(second)).toEqual(await world.rootOf(datasetId));
  });

  test("too large a part, an empty one and a zip archive are refused", async () => {
    const { files } = world.transfer;
    const { fileId } = await files.create(world.scope, { name: "rows.zip" });
    const put = (bytes: Buffer) => files.putPart(world.scope, { fileId, part: 0 }, bytes);
    await expect(put(Buffer.alloc(0))).rejects.toThrow("empty");
    await expect(put(Buffer.alloc(8 * 1024 * 1024 + 1))).rejects.toMatchObject({ code: "payload_too_large" });
    await put(Buffer.from([0x50, 0x4b, 3, 4]));
    await expect(files.complete(world.scope, fileId, { parts: 1 })).rejects.toThrow("zip archive");
  });
});

describe("a preview", () => {
  test("shows columns, a guessed mapping, items and errors", async () => {
    const fileId = await world.send("rows.csv", "text,category,row id\nhello,greet,1\nbye,leave\n\n=x,y,3\n");
    const preview = await world.transfer.files.preview(world.scope, fileId, { hasHeader: true, ids: "file" });
    expect(preview).toMatchObject({ format: "csv", delimiter: ",", shape: "table", isWholeFile: true, errorCount: 1 });
    expect(preview.columns[0]).toEqual({ column: "text", types: ["string"], filled: 2, examples: ["hello", "=x"] });
    expect(preview.mapping.map(({ column, to }) => [column, to])).toEqual([
      ["text", "inputs"],
      ["category", "expected"],
      ["row id", "inputs"],
    ]);
    expect(preview.items[0]).toMatchObject({ line: 2, inputs: { text: "hello", "row id": "1" }, expected: "greet" });
    expect(preview.errors).toMatchObject([{ line: 3 }]);
  });
});

describe("an export", () => {
  test("fails at an item that the shape cannot express, or leaves it out when it may", async () => {
    const datasetId = await world.makeDataset();
    const rows = [
      { inputs: { q: "1" }, expected: "a" },
      { inputs: { q: "1", context: "2" }, expected: "b" },
    ];
    await world.importFile(datasetId, await world.send("rows.jsonl", lines(rows)));
    await expect(world.exportFile(datasetId, { shape: "openai-chat" })).rejects.toThrow(
      "cannot be written as OpenAI chat",
    );
    const { rows: written, skipped } = await world.exportFile(datasetId, { shape: "openai-chat", keepGoodRows: true });
    expect([written, skipped]).toEqual([1, 1]);
  });

  test("takes single splits, packs, and can leave out all that is not the shape's own", async () => {
    const datasetId = await world.makeDataset();
    const row = { messages: [user("q"), assistantMessage("a")], id: "a", metadata: { m: 1 } };
    const rows = [
      { ...row, split: "train" },
      { ...row, id: "b", split: "test" },
      { ...row, id: "c" },
    ];
    await world.importFile(datasetId, await world.send("rows.jsonl", lines(rows)));
    const plain = await world.exportFile(datasetId, { shape: "openai-chat", isPlain: true, splits: ["test", null] });
    expect(plain.bytes.toString()).toBe(lines([{ messages: row.messages }, { messages: row.messages }]));
    const packed = await world.exportFile(datasetId, { gzip: true });
    expect([packed.name, packed.bytes.subarray(0, 2)]).toEqual([
      expect.stringMatching(/\.treadle\.jsonl\.gz$/),
      Buffer.from([0x1f, 0x8b]),
    ]);
  });
});
