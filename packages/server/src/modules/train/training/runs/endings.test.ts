import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chat, type OpenTraining, openTraining, scope } from "../testing/open-training.ts";

let open: OpenTraining;
beforeAll(async () => {
  open = await openTraining({ set: Array.from({ length: 20 }, (_, place) => chat(place)) });
}, 60_000);
afterAll(() => open?.close());

async function stopped(config: object, result?: "best" | "last") {
  const { trainingRunId: id } = await open.start({ max_steps: 500, ...config });
  await open.until(id, ({ progress }) => (progress.step ?? 0) >= 3);
  await open.training.stop(scope, id, result);
  return open.ended(id);
}

test("the person who stops a run chooses which checkpoint becomes the model, and the run records it", async () => {
  const last = await stopped({ name: "last" }, "last");
  expect(last).toMatchObject({ status: "succeeded", stopReason: "user", wantedResult: "last" });
  expect(last.result).toEqual({ step: last.progress.step, from: "last", evalLoss: 0.75 });
  // The loss of the checkpoint that became the model is stored with the version, not the loss of a better one.
  expect(open.versions.at(-1)).toMatchObject({ result: { from: "last" }, evalLoss: 0.75 });
  const best = await stopped({ name: "best", save: { every: 2, result: "last" } }, "best");
  expect(best).toMatchObject({ wantedResult: "best", result: { from: "best" } });
}, 60_000);

test("without a choice at the stop the configuration decides", async () => {
  const run = await stopped({ save: { every: 2, result: "last" } });
  expect(run).toMatchObject({ wantedResult: null, result: { from: "last" } });
  expect((await stopped({})).result).toMatchObject({ from: "best" });
}, 60_000);

test("while the base model is evaluated before the first step, the run shows how far that is", async () => {
  const { trainingRunId: id } = await open.start({}, "evaluates");
  const run = await open.until(id, ({ progress }) => progress.evalTotalBatches !== null);
  expect(run).toMatchObject({
    status: "running",
    message: "Evaluating the base model: 3 of 12 batches",
    progress: { step: 0, evalBatches: 3, evalTotalBatches: 12 },
  });
  const job = await open.jobs.get(scope, run.jobId ?? "");
  expect(job.progress).toMatchObject({ done: 3, total: 12, unit: "batches" });
  await writeFile(join(open.folder, "training", id, "go-on"), "");
  const ended = await open.ended(id);
  expect(ended.progress).toMatchObject({ evalBatches: null, evalTotalBatches: null });
}, 60_000);
