import { afterAll, beforeAll, expect, test } from "vitest";
import { chat, type OpenTraining, openTraining, scope } from "../testing/open-training.ts";

const items = Array.from({ length: 20 }, (_, place) => chat(place));
const other = [chat(0, { split: "test" }), chat(1), chat(2), chat(3), chat(4, { inputs: {}, expected: null })];

let open: OpenTraining;
beforeAll(async () => {
  open = await openTraining({ set: items, other });
}, 60_000);
afterAll(() => open?.close());

const NONE: ReadonlySet<string | null> = new Set([null]);

test("a row that the trainer left out is not recorded as trained", async () => {
  const { trainingRunId: id } = await open.start({}, "drops");
  const run = await open.ended(id);
  expect(run.data).toMatchObject({
    train: 20,
    val: 0,
    kept: { train: 15, val: 0 },
    sources: [{ rows: 20, kept: 15 }],
  });
  const uses = await open.training.rows.usesOf(scope, { run, source: 0, splits: NONE }, items);
  expect(uses.filter(({ use }) => use === "trained")).toHaveLength(15);
  expect(uses[0]).toEqual({ use: "filtered", reason: "too_long" });
  expect(uses[4]).toEqual({ use: "filtered", reason: "too_long" });
  expect(uses[1]).toEqual({ use: "trained", reason: null });
  // The row counts that the registry writes on the model card are the retained rows.
  expect(open.versions.at(-1)?.sources).toMatchObject([{ rows: 20, kept: 15 }]);
}, 60_000);

test("rows of several sources with the same ids are not mixed up, and other reasons stay", async () => {
  const datasets = [{ ref: "set" }, { ref: "other" }];
  const { trainingRunId: id } = await open.start({ datasets, on_bad_rows: "skip" }, "drops");
  const run = await open.ended(id);
  expect(run.data).toMatchObject({ train: 23, kept: { train: 17 } });
  expect(run.data?.sources).toMatchObject([
    { rows: 20, kept: 15 },
    { rows: 3, kept: 2 },
  ]);
  const splits = new Set([null, "test"]);
  const uses = await open.training.rows.usesOf(scope, { run, source: 1, splits }, other);
  expect(uses.map(({ use }) => use)).toEqual(["left out", "filtered", "trained", "trained", "skipped"]);
}, 60_000);

test("a run of another project tells nothing of its rows", async () => {
  const { trainingRunId: id } = await open.start({}, "drops");
  const run = await open.ended(id);
  const foreign = { ...scope, projectId: "proj_2" };
  const [use] = await open.training.rows.usesOf(foreign, { run, source: 0, splits: NONE }, items);
  expect(use?.reason).toBeNull();
}, 60_000);

test("a resumed run names its rows again, and none counts twice", async () => {
  const { trainingRunId: id } = await open.start({ max_steps: 20 }, "waits,drops");
  await open.until(id, ({ progress }) => (progress.step ?? 0) >= 5);
  await open.training.pause(scope, id);
  await open.ended(id);
  await open.training.resume(scope, id);
  expect((await open.ended(id)).data).toMatchObject({ kept: { train: 15 }, sources: [{ kept: 15 }] });
}, 60_000);
