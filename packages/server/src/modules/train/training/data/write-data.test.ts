import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Item } from "@treadle/contract";
import { afterEach, beforeEach, expect, test } from "vitest";
import { requireConfig } from "../config/read-config.ts";
import type { TrainingDeps } from "../stores/deps.ts";
import { chat, scope } from "../testing/open-training.ts";
import { createSides } from "./choose-side.ts";
import { writeData } from "./write-data.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "treadle-rows-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Writes the rows of items under a configuration. */
async function write(items: readonly Item[], config: object = {}) {
  const datasets: TrainingDeps["datasets"] = {
    listAll: async () => [{ datasetId: "ds_1", name: "set" }],
    openVersion: async () => ({ manifest: { sha: "s", root: "r", rows: items.length, chunks: [] } }),
    async *readItems() {
      yield* items;
    },
  };
  const whole = requireConfig({ base_model: "m", datasets: [{ ref: "set@1" }], val: { fraction: 0 }, ...config });
  // No other dependency is called.
  const deps = { datasets } as TrainingDeps;
  const signal = new AbortController().signal;
  const data = await writeData(deps, scope, { config: whole, folder, signal });
  const read = async (name: string): Promise<Record<string, unknown>[]> =>
    (await readFile(join(folder, "data", name), "utf8"))
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
  const rows = async (name: string) => (await read(name)).map(({ _row, ...row }) => row);
  const marks = (await read("train.jsonl")).map(({ _row }) => _row);
  return { data, marks, train: await rows("train.jsonl"), val: await rows("val.jsonl") };
}

const many = (count: number, more: (place: number) => Partial<Item> = () => ({})) =>
  Array.from({ length: count }, (_, place) => chat(place, more(place)));
const preference = chat(1, {
  expected: { chosen: [{ content: "good", role: "assistant" }], rejected: [{ content: "bad", role: "assistant" }] },
});

test("each row carries its source and its item, so that the trainer can name the rows that it leaves out", async () => {
  const { marks } = await write([chat(7), chat(9)], { datasets: [{ ref: "set@1" }, { ref: "set@1" }] });
  expect(marks).toEqual([
    { source: 0, item: "i7" },
    { source: 0, item: "i9" },
    { source: 1, item: "i7" },
    { source: 1, item: "i9" },
  ]);
});

test("a prompt makes chats of a table's rows, with the answer from its target", async () => {
  const rows = [
    chat(0, { inputs: { text: "Where is my card?", intent: "card_arrival" }, expected: null }),
    chat(1, { inputs: { text: "I <lost> it & more", intent: "lost_card" }, expected: null }),
  ];
  const prompt = [
    { role: "system", content: "Name the intent." },
    { role: "user", content: "Text: {{text}}" },
  ];
  const { train, data } = await write(rows, { datasets: [{ ref: "set@1", prompt, target: "inputs.intent" }] });
  expect(data.format).toBe("chat");
  expect(train.map(({ messages }) => messages)).toEqual([
    [prompt[0], { role: "user", content: "Text: Where is my card?" }, { role: "assistant", content: "card_arrival" }],
    [prompt[0], { role: "user", content: "Text: I <lost> it & more" }, { role: "assistant", content: "lost_card" }],
  ]);
});

test("an item that a prompt cannot be filled with, or without an answer, is refused with its place", async () => {
  const prompt = [{ role: "user", content: "{{text}}" }];
  const items = [chat(0, { inputs: { question: "?" }, expected: "a" })];
  await expect(write(items, { datasets: [{ ref: "set@1", prompt }] })).rejects.toThrow(
    /Message 1 of the prompt is empty/,
  );
  const answered = [chat(0, { inputs: { text: "?" }, expected: { intent: "a" } })];
  await expect(write(answered, { datasets: [{ ref: "set@1", prompt }] })).rejects.toThrow(/no text to learn/);
  const { train } = await write(answered, { datasets: [{ ref: "set@1", prompt, target: "expected.intent" }] });
  expect(train).toHaveLength(1);
});

test("texts, chats and instructions become chats", async () => {
  const { train } = await write([
    chat(0, { inputs: { question: "2+2?" }, expected: "4" }),
    chat(1, { inputs: { instruction: "Say", input: "hi" }, expected: "hi" }),
    chat(2, {
      inputs: {
        messages: [
          { content: "Be brief.", role: "developer" },
          { content: [{ type: "text", text: "Hey" }], role: "user" },
        ],
      },
    }),
  ]);
  expect(train).toEqual([
    {
      messages: [
        { role: "user", content: "2+2?" },
        { role: "assistant", content: "4" },
      ],
    },
    {
      messages: [
        { role: "user", content: "Say\n\nhi" },
        { role: "assistant", content: "hi" },
      ],
    },
    {
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Hey" },
        { role: "assistant", content: "answer 2" },
      ],
    },
  ]);
});

test("prompts with completions, plain texts, preferences and judged answers are each their own format", async () => {
  const plain = chat(0, { inputs: { prompt: "a" }, expected: "b" });
  expect((await write([plain], { datasets: [{ ref: "set", format: "prompt_completion" }] })).train).toEqual([
    { prompt: "a", completion: "b" },
  ]);
  const text = await write([chat(0, { inputs: { text: "once" }, expected: null })]);
  expect(text).toMatchObject({ data: { format: "text" }, train: [{ text: "once" }] });
  const pairs = await write([preference], { method: "dpo" });
  expect(pairs).toMatchObject({
    data: { format: "preference" },
    train: [
      {
        prompt: [{ role: "user", content: "question 1" }],
        chosen: [{ role: "assistant", content: "good" }],
        rejected: [{ role: "assistant", content: "bad" }],
      },
    ],
  });
  const judged = chat(0, { expected: { completion: [{ content: "x", role: "assistant" }], label: false } });
  const kto = await write([judged], { method: "kto", micro_batch_size: 2 });
  expect(kto).toMatchObject({
    data: { format: "kto" },
    train: [{ completion: [{ role: "assistant", content: "x" }], label: false }],
  });
});

test("a split for validation is held out, and one for tests is touched by neither side", async () => {
  const items = many(30, (place) => ({ split: ["train", "validation", "test"][place % 3] ?? null }));
  const { data, train, val } = await write(items, { val: {} });
  expect(data).toMatchObject({ train: 10, val: 10 });
  expect([...train, ...val].some((row) => JSON.stringify(row).includes('question 2"'))).toBe(false);
});

test("without splits a share is held out, the same one every time, and no group is on both sides", async () => {
  const items = many(400, (place) => ({ metadata: { conversation: `c${place % 40}` } }));
  const config = { val: { fraction: 0.2, group_by: "metadata.conversation" } };
  const first = await write(items, config);
  expect((await write(items, config)).val).toEqual(first.val);
  expect(first.data.val).toBeGreaterThan(20);
  expect(first.data.val).toBeLessThan(160);
  const sideOf = createSides({
    split: null,
    val: requireConfig({ base_model: "m", datasets: [{ ref: "s" }], ...config }).val,
    seed: 42,
    splits: new Set([null]),
  });
  for (const item of items) {
    const twin = items.find((one) => one !== item && one.metadata.conversation === item.metadata.conversation);
    if (twin) expect(sideOf(item)).toBe(sideOf(twin));
  }
});

test.each([
  [
    many(3, () => ({ expected: null })),
    {},
    /3 items cannot be used for training\. set@1, item i0, \/expected: There is no assistant answer/,
  ],
  [[chat(0, { inputs: { a: 1, b: 2 } })], {}, /item i0, \/inputs: The input is neither a chat nor a single text/],
  [
    [chat(0, { inputs: { messages: [{ content: [{ type: "image_url" }], role: "user" }] } })],
    {},
    /messages\/0\/content: .*not text, such as an image/,
  ],
  [many(3), { datasets: [{ ref: "set", split: "nope" }] }, /no items in the split "nope"\. Available splits: \(none\)/],
  [many(3), { val: { split: "dev" } }, /no items in the split "dev"/],
  [many(3, () => ({ split: "test" })), {}, /no rows to train on/],
  [[], {}, /no rows to train on/],
  [many(3), { method: "dpo" }, /The method dpo needs preference data, but the data is chat/],
  [[preference], {}, /The method sft needs .* data, but the data is preference/],
  [many(3), { eval: { patience: 2 } }, /no rows are held out/],
  [
    many(3),
    {
      datasets: [
        { ref: "set", format: "chat" },
        { ref: "set", format: "text" },
      ],
    },
    /the formats chat and text/,
  ],
])("data %# that cannot be trained on is refused with what is wrong and where", async (items, config, words) => {
  await expect(write(items, config)).rejects.toThrow(words);
});

test("rows that are wrong are left out where that was asked for, and counted", async () => {
  const { data } = await write([chat(0), chat(1, { expected: null })], { on_bad_rows: "skip" });
  expect(data).toMatchObject({ train: 1, skipped: 1, sources: [{ ref: "set@1", version: "1", root: "r", rows: 1 }] });
});

test("a set that is held out as a whole is there to evaluate on alone", async () => {
  const { data } = await write(many(5), { datasets: [{ ref: "set" }, { ref: "set", hold_out: true }], val: {} });
  expect(data).toMatchObject({ train: 5, val: 5 });
});
