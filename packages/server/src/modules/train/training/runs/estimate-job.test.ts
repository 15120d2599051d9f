import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chat, type OpenTraining, openTraining, scope } from "../testing/open-training.ts";

const minimal = { base_model: "tiny", datasets: [{ ref: "set" }], val: { fraction: 0 } };

let open: OpenTraining;
beforeAll(async () => {
  open = await openTraining({ set: Array.from({ length: 20 }, (_, place) => chat(place)) });
}, 60_000);
afterAll(() => open?.close());

const as = (behaviour: string) => ({ ...minimal, chat_template: `{# fake:${behaviour} #}` });

test("an estimate is a job whose result can be read when it is done", async () => {
  const { jobId } = await open.training.startEstimate(scope, minimal);
  expect(await open.estimated(jobId)).toMatchObject({ steps: 2, rows: { train: 20, val: 0 } });
  const other = { ...scope, projectId: "proj_2" };
  await expect(open.training.getEstimate(other, jobId)).rejects.toMatchObject({ code: "not_found" });
}, 60_000);

test("a running estimate says how far it is and can be cancelled", async () => {
  const { jobId } = await open.training.startEstimate(scope, as("waits"));
  for (;;) {
    const { progress } = await open.jobs.get(scope, jobId);
    if (progress.total !== null) {
      expect(progress).toMatchObject({ done: 3, total: 8, message: "Timing" });
      break;
    }
    await delay(20);
  }
  expect(await open.training.getEstimate(scope, jobId)).toEqual({ estimate: null });
  await open.jobs.cancel(scope, jobId);
  expect(await open.estimated(jobId)).toBeNull();
  expect((await open.jobs.get(scope, jobId)).status).toBe("cancelled");
}, 60_000);

test("a refusal of the trainer is the error of the job", async () => {
  const { jobId } = await open.training.startEstimate(scope, as("refuse"));
  expect(await open.estimated(jobId)).toBeNull();
  expect(await open.jobs.get(scope, jobId)).toMatchObject({
    status: "failed",
    failures: 1,
    error: { code: "unprocessable", message: "Row 1 is wrong. Mend it." },
  });
}, 60_000);

test.each([
  [{ datasets: [{ ref: "nowhere" }] }, /no dataset "nowhere"/],
  [{ base_model: "nobody" }, /no model "nobody"/],
  [{ lora: { rr: 1 } }, /lora\.rr/],
])("%o is refused before a job is made", async (wrong, words) => {
  const before = (await open.jobs.list(scope, { limit: 50 })).items.length;
  await expect(open.training.startEstimate(scope, { ...minimal, ...wrong })).rejects.toThrow(words);
  expect((await open.jobs.list(scope, { limit: 50 })).items).toHaveLength(before);
});

test("a job of another kind is no estimate", async () => {
  const { jobId } = await open.training.get(scope, (await open.start()).trainingRunId);
  await expect(open.training.getEstimate(scope, jobId ?? "")).rejects.toMatchObject({ code: "not_found" });
}, 60_000);
