import OpenAI, { toFile } from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTrainingWorld, type TrainingWorld } from "../setup/training-world.ts";

let world: TrainingWorld;
let client: OpenAI;
beforeAll(async () => {
  world = await openTrainingWorld();
  client = new OpenAI({ baseURL: `${world.treadle().url}/v1`, apiKey: world.treadle().apiKey, maxRetries: 0 });
}, 180_000);
afterAll(() => world?.close());

const line = (place: number) =>
  JSON.stringify({
    messages: [
      { role: "user", content: `question ${place}` },
      { role: "assistant", content: `answer ${place}` },
    ],
  });
const text = Array.from({ length: 12 }, (_, place) => line(place)).join("\n");
const upload = async () =>
  client.files.create({ file: await toFile(Buffer.from(text), "chats.jsonl"), purpose: "fine-tune" });

/** Settings that OpenAI's API does not have. */
const treadle = (steps: number, behaviour = "") => ({
  treadle: { max_steps: steps, save: { every: 2 }, eval: { every: 2 }, chat_template: `{# fake:${behaviour} #}` },
});
async function until(id: string, statuses: readonly string[]): Promise<OpenAI.FineTuning.FineTuningJob> {
  for (let tries = 0; tries < 1_200; tries++) {
    const job = await client.fineTuning.jobs.retrieve(id);
    if (statuses.includes(job.status)) return job;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the job did not become ${statuses.join(" or ")}`);
}
type Create = OpenAI.FineTuning.JobCreateParams;
const create = (body: Partial<Create> & object, training_file: string) =>
  client.fineTuning.jobs.create({ model: world.modelId, training_file, ...body } as Create);

test("npm openai stores files: uploaded, listed, read, deleted", async () => {
  const file = await upload();
  expect(file).toMatchObject({ object: "file", filename: "chats.jsonl", purpose: "fine-tune", bytes: text.length });
  expect(await client.files.retrieve(file.id)).toEqual(file);
  expect(await (await client.files.content(file.id)).text()).toBe(text);
  const listed = await Array.fromAsync(client.files.list({ limit: 1 }));
  expect(listed.map(({ id }) => id)).toContain(file.id);
  expect(await client.files.delete(file.id)).toEqual({ id: file.id, object: "file", deleted: true });
  await expect(client.files.retrieve(file.id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
});

test("npm openai trains: a job with its events and checkpoints, from queued to a model", async () => {
  const { id: file } = await upload();
  const job = await create({ suffix: "support", metadata: { team: "a" }, ...treadle(6) }, file);
  expect(job).toMatchObject({
    object: "fine_tuning.job",
    model: world.modelId,
    training_file: file,
    metadata: { team: "a" },
  });
  const done = await until(job.id, ["succeeded", "failed"]);
  expect(done).toMatchObject({ status: "succeeded", error: null, trained_tokens: 60 });
  expect(done.fine_tuned_model).toContain("support");
  const events = await Array.fromAsync(client.fineTuning.jobs.listEvents(job.id, { limit: 4 }));
  expect(events.at(-1)?.message).toBe(`Created fine-tuning job: ${job.id}`);
  expect(events.filter(({ type }) => type === "metrics").length).toBeGreaterThanOrEqual(6);
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  const checkpoints = await Array.fromAsync(client.fineTuning.jobs.checkpoints.list(job.id, { limit: 2 }));
  expect(checkpoints.map(({ step_number }) => step_number)).toEqual([6, 4, 2]);
  const jobs = await Array.fromAsync(client.fineTuning.jobs.list({ limit: 1 }));
  expect(jobs.map(({ id }) => id)).toContain(job.id);
}, 90_000);

test("npm openai pauses, resumes and cancels a job", async () => {
  const { id: file } = await upload();
  const job = await create(treadle(400, "slow"), file);
  await until(job.id, ["running"]);
  await client.fineTuning.jobs.pause(job.id);
  await until(job.id, ["paused"]);
  await client.fineTuning.jobs.resume(job.id);
  await until(job.id, ["running"]);
  await client.fineTuning.jobs.cancel(job.id);
  expect(await until(job.id, ["cancelled"])).toMatchObject({ fine_tuned_model: null, finished_at: expect.any(Number) });
}, 90_000);

test("what is wrong comes as the client's own error, with the place of it", async () => {
  const { id: file } = await upload();
  const broken = await toFile(Buffer.from("no json"), "x.jsonl");
  const wrong = client.files.create({ file: broken, purpose: "fine-tune" });
  await expect(wrong).rejects.toBeInstanceOf(OpenAI.BadRequestError);
  await expect(wrong).rejects.toThrow(/Line 1 .* not valid JSON/);
  await expect(create({}, "file-unknown")).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  await expect(create({ model: "nobody" }, file)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  await expect(create({ method: { type: "reinforcement" } }, file)).rejects.toMatchObject({
    status: 400,
    param: "method",
  });
});
