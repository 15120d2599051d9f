import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { FineTuningRequest } from "@treadle/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenTraining, openTraining, scope } from "../testing/open-training.ts";
import { configOfRequest } from "./config-of-request.ts";

let open: OpenTraining;
beforeAll(async () => {
  open = await openTraining();
}, 60_000);
afterAll(() => open?.close());

const line = (place: number) =>
  JSON.stringify({
    messages: [
      { role: "user", content: `q${place}` },
      { role: "assistant", content: `a${place}` },
    ],
  });
const lines = (count: number) => Array.from({ length: count }, (_, place) => line(place)).join("\n");

/** The request of a browser or a client. */
async function upload(text: string, purpose = "fine-tune") {
  const form = new FormData();
  form.set("purpose", purpose);
  form.set("file", new File([text], "train.jsonl"));
  const request = new Response(form);
  const bytes = Buffer.from(await request.arrayBuffer());
  return open.training.files.create(scope, { bytes, contentType: request.headers.get("content-type") ?? undefined });
}

async function read(id: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  const sink = {
    isOpen: () => true,
    head: () => undefined,
    write: (chunk: Uint8Array | string) => chunks.push(Buffer.from(chunk)) > 0,
    drained: async () => undefined,
    end: () => undefined,
    destroy: () => undefined,
  };
  await open.training.files.read(scope, id, sink);
  return (await buffer(Readable.from(chunks))).toString();
}

const request = (training_file: string, more: Partial<FineTuningRequest> = {}): FineTuningRequest => ({
  model: "tiny",
  training_file,
  suffix: "mine",
  ...more,
  treadle: { max_steps: 4, eval: { every: 2 }, save: { every: 2 }, chat_template: "{# fake: #}", ...more.treadle },
});

async function succeeded(id: string) {
  await open.ended(id);
  return open.training.fineTuning.get(scope, id);
}

test("a file is stored unchanged, listed in pages, and deleted", async () => {
  const first = await upload(lines(2));
  const second = await upload(`${lines(3)}\n`);
  expect(first).toMatchObject({ object: "file", filename: "train.jsonl", purpose: "fine-tune", status: "processed" });
  expect(first.id).toMatch(/^file-/);
  expect(await read(second.id)).toBe(`${lines(3)}\n`);
  const page = await open.training.files.list(scope, { limit: 1 });
  expect(page).toMatchObject({ object: "list", has_more: true, data: [{ id: second.id }] });
  const next = await open.training.files.list(scope, { limit: 1, after: second.id });
  expect(next).toMatchObject({ has_more: false, data: [{ id: first.id }] });
  expect(await open.training.files.delete(scope, first.id)).toEqual({ id: first.id, object: "file", deleted: true });
  await expect(open.training.files.get(scope, first.id)).rejects.toMatchObject({ code: "not_found" });
  await expect(open.training.files.get({ ...scope, projectId: "proj_2" }, second.id)).rejects.toMatchObject({
    code: "not_found",
  });
});

test("two files of one content are two, and deleting one leaves the other", async () => {
  const [one, two] = [await upload(line(9)), await upload(line(9))];
  await open.training.files.delete(scope, one.id);
  expect(await read(two.id)).toBe(line(9));
});

test.each([
  ["", /it has no line/],
  [`${line(1)}\nno json`, /Line 2 .* it is not valid JSON/],
  ["[1]", /Line 1 .*object/],
  ['{"question": "x"}', /Line 1 .* neither `messages`/],
  [`${line(1)}\n{"messages": [{"role": "user", "content": "x"}]}`, /Line 2 .*no assistant answer/],
  ['{"messages": [{"role": "wizard", "content": "x"}]}', /Line 1 .*\/messages\/0\/role/],
])("a file %# that cannot be trained on is refused with its line", async (text, words) => {
  await expect(upload(text)).rejects.toThrow(words);
});

test("another purpose, and a body that is no form, are refused", async () => {
  await expect(upload(line(1), "batch")).rejects.toThrow(/purpose: must be fine-tune/);
  const bytes = Buffer.from("{}");
  await expect(open.training.files.create(scope, { bytes, contentType: "application/json" })).rejects.toMatchObject({
    code: "unsupported_media_type",
  });
  const broken = { bytes, contentType: "multipart/form-data; boundary=x" };
  await expect(open.training.files.create(scope, broken)).rejects.toThrow(/body: it is not valid multipart/);
});

test("a file for vector stores has any content, and no run trains on it", async () => {
  const file = await upload("%PDF", "assistants");
  expect(file).toMatchObject({ purpose: "assistants", bytes: 4 });
  expect((await open.training.files.load(scope, file.id)).toString()).toBe("%PDF");
  await expect(upload("", "user_data")).rejects.toThrow(/file: it is empty/);
  await expect(open.training.fineTuning.create(scope, request(file.id))).rejects.toThrow(/purpose fine-tune/);
});

test("a job trains on a file and is held out on another, and tells what happened newest first", async () => {
  const [train, val] = [await upload(lines(10)), await upload(lines(2))];
  const asked = request(train.id, { validation_file: val.id, metadata: { team: "x" }, seed: 7 });
  const job = await open.training.fineTuning.create(scope, asked);
  expect(job).toMatchObject({
    object: "fine_tuning.job",
    model: "tiny",
    training_file: train.id,
    validation_file: val.id,
    seed: 7,
    metadata: { team: "x" },
    fine_tuned_model: null,
    error: null,
    method: { type: "supervised" },
  });
  expect(await succeeded(job.id)).toMatchObject({
    status: "succeeded",
    fine_tuned_model: "tiny-mine",
    trained_tokens: 40,
    finished_at: expect.any(Number),
  });
  expect((await open.training.get(scope, job.id)).data).toMatchObject({ train: 10, val: 2 });
  const all = await open.training.fineTuning.events(scope, job.id, { limit: 100 });
  expect(all.data.at(-1)).toMatchObject({ message: `Created fine-tuning job: ${job.id}` });
  expect(all.data[0]).toMatchObject({ message: "The training has ended: completed", level: "info" });
  const paged: string[] = [];
  for (let after: string | undefined; ; after = paged.at(-1)) {
    const page = await open.training.fineTuning.events(scope, job.id, { limit: 3, after });
    paged.push(...page.data.map(({ id }) => id));
    if (!page.has_more) break;
  }
  expect(paged).toEqual(all.data.map(({ id }) => id));
  const { data } = await open.training.fineTuning.checkpoints(scope, job.id, {});
  expect(data).toMatchObject([{ step_number: 4, metrics: { valid_loss: 0.5 } }, { step_number: 2 }]);
}, 30_000);

test("the words of OpenAI become a configuration, and what is done elsewhere only is refused", () => {
  const dpo = {
    type: "dpo",
    dpo: { hyperparameters: { beta: 0.3, n_epochs: 2, batch_size: 4, learning_rate_multiplier: 2 } },
  } as const;
  expect(configOfRequest({ model: "m", training_file: "file-1", method: dpo })).toMatchObject({
    method: "dpo",
    beta: 0.3,
    num_epochs: 2,
    gradient_accumulation_steps: 4,
    learning_rate: 1e-5,
    val: { fraction: 0 },
    datasets: [{ ref: "file-1" }],
  });
  expect(configOfRequest({ model: "m", training_file: "f", hyperparameters: { n_epochs: "auto" } })).toMatchObject({
    num_epochs: 3,
  });
  expect(() => configOfRequest({ model: "m", training_file: "f", method: { type: "reinforcement" } })).toThrow(
    /not supported/,
  );
  expect(() => configOfRequest({ model: "m", training_file: "f", treadle: { lora: { rr: 1 } } })).toThrow(/lora\.rr/);
});
