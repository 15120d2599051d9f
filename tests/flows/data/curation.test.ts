import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runTreadle } from "../../../packages/cli/src/testing/run-treadle.ts";
import { type Answer, ApiError, type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

let treadle: SharedTreadle;
let client: Client;

beforeAll(async () => {
  treadle = await openSharedTreadle();
  client = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey });
});
afterAll(() => treadle?.stop());

type NewItem = { itemId: string; inputs: Record<string, unknown>; expected: unknown };
const THINGS = ["card", "transfer", "invoice", "refund", "parcel", "account", "password", "statement"];
const VERBS = ["arrive", "get cancelled", "show up", "change", "get paid", "appear"];

/** Questions that are not near-duplicates of each other. */
const question = (at: number): string =>
  `When does the ${THINGS[at % 8]} from order ${at * 7_919} in district ${at * 104_729} ${VERBS[at % 6]}, and who tells customer ${at * 31} about reason ${at * 17}?`;
const item = (at: number, text = question(at)): NewItem => ({
  itemId: `q${at}`,
  inputs: { question: text },
  expected: THINGS[at % 8],
});

async function make(name: string, items: readonly NewItem[], more: { isEvaluation?: boolean } = {}): Promise<string> {
  const { datasetId } = await client.call("POST /api/v1/datasets", { body: { name, ...more } });
  for (let from = 0; from < items.length; from += 500)
    await client.call("POST /api/v1/datasets/:datasetId/items", {
      params: { datasetId },
      body: { items: items.slice(from, from + 500) },
    });
  return datasetId;
}

const draftOf = (datasetId: string) => client.call("GET /api/v1/datasets/:datasetId/draft", { params: { datasetId } });

async function apply(
  datasetId: string,
  body: {
    steps?: { stepId: string; params?: Record<string, unknown> }[];
    recipeOf?: { datasetId: string; version: string };
    expectedRevision?: number;
  },
) {
  const { jobId } = await client.call("POST /api/v1/datasets/:datasetId/curation/apply", {
    params: { datasetId },
    body,
  });
  return waitFor(jobId);
}
async function waitFor(jobId: string): Promise<Answer<"GET /api/v1/jobs/:jobId">> {
  for (let tries = 0; tries < 600; tries++) {
    const job = await client.call("GET /api/v1/jobs/:jobId", { params: { jobId } });
    if (job.status === "done") return job;
    if (job.status === "failed" || job.status === "cancelled") throw new Error(job.error?.message ?? job.status);
    await delay(50);
  }
  throw new Error("the job does not end");
}
async function waitForKind(kind: string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const { items } = await client.call("GET /api/v1/jobs", { query: { kind } });
    if (items.length > 0 && items.every(({ status }) => status === "done")) return;
    await delay(50);
  }
  throw new Error(`no job ${kind} ended`);
}
const commit = (datasetId: string) =>
  client.call("POST /api/v1/datasets/:datasetId/draft/commit", { params: { datasetId }, body: { message: "curated" } });

/** A clean dataset, with ten items that contain an address, ten copies and ten near-duplicates added. */
const planted = () => {
  const items = Array.from({ length: 600 }, (_, at) => item(at));
  for (let at = 0; at < 10; at++) {
    items[at * 20] = item(at * 20, `${question(at * 20)} Write to person${at}@example.org.`);
    items.push({ ...item(at * 20 + 1), itemId: `copy${at}` });
    const near = at * 20 + 2;
    items.push({ ...item(near, `Hello! ${question(near)}`), itemId: `near${at}` });
  }
  return items;
};

test("a preview says what a step would do and why, and writes nothing", async () => {
  const datasetId = await make("preview", planted());
  const before = await draftOf(datasetId);
  const preview = (stepId: string, params = {}) =>
    client.call("POST /api/v1/datasets/:datasetId/curation/preview", {
      params: { datasetId },
      body: { step: { stepId, params }, samples: 4 },
    });
  const privacy = await preview("privacy");
  expect(privacy).toMatchObject({ rows: 620, totalRows: 620, kept: 620, removed: 0, edited: 10 });
  expect(privacy.rules).toEqual([{ rule: "email", removed: 0, edited: 10 }]);
  expect(privacy.samples).toHaveLength(4);
  expect(JSON.stringify(privacy.samples[0]?.edited)).toMatch(/\[EMAIL_[0-9A-F]{8}\]/);
  const exact = await preview("exact-duplicates");
  expect(exact.removed).toBe(10);
  expect(exact.samples[0]?.related?.itemId).toMatch(/^q\d+$/);
  expect(await draftOf(datasetId)).toEqual(before);
});

test("steps run as a job, each a step of the draft that can be undone; the version contains the recipe, which runs on other items", async () => {
  const datasetId = await make("applied", planted());
  const rows = (await draftOf(datasetId)).rows;
  const job = await apply(datasetId, {
    steps: [{ stepId: "exact-duplicates" }, { stepId: "near-duplicates" }, { stepId: "privacy" }],
  });
  expect(job.result).toMatchObject({ outcomes: [{ removed: 10 }, { removed: 10 }, { edited: 10 }] });
  const draft = await draftOf(datasetId);
  expect(draft.rows).toBe(rows - 20);
  expect(draft.steps.slice(-3).map(({ kind, counts }) => [kind, counts])).toEqual([
    ["curate", { added: 0, removed: 10, changed: 0 }],
    ["curate", { added: 0, removed: 10, changed: 0 }],
    ["curate", { added: 0, removed: 0, changed: 10 }],
  ]);
  await client.call("POST /api/v1/datasets/:datasetId/draft/undo", { params: { datasetId }, body: {} });
  const itemText = async () =>
    (
      await client.call("GET /api/v1/datasets/:datasetId/items/:itemId", {
        params: { datasetId, itemId: "q0" },
        query: { at: "draft" },
      })
    ).inputs.question;
  expect(await itemText()).toContain("person0@example.org");
  await client.call("POST /api/v1/datasets/:datasetId/draft/redo", { params: { datasetId }, body: {} });
  expect(await itemText()).not.toContain("person0@example.org");
  const version = await commit(datasetId);
  const recipe = await client.call("GET /api/v1/datasets/:datasetId/curation/recipe", {
    params: { datasetId },
    query: { version: String(version.version) },
  });
  expect(recipe.steps.map(({ stepId }) => stepId)).toEqual(["exact-duplicates", "near-duplicates", "privacy"]);

  const other = await make("others", planted());
  await apply(other, { recipeOf: { datasetId, version: String(version.version) } });
  expect((await commit(other)).stats.rows).toBe(600);
});

test("an evaluation dataset that is marked later is found in what others have already, and decontaminated", async () => {
  const training = await make(
    "training",
    Array.from({ length: 300 }, (_, at) => item(at)),
  );
  await commit(training);
  const leaked = Array.from({ length: 7 }, (_, at) => ({
    ...item(at),
    itemId: `e${at}`,
    inputs: { question: question(at * 11) },
  }));
  const unseen = Array.from({ length: 20 }, (_, at) => ({ ...item(5_000 + at), itemId: `n${at}` }));
  const evaluation = await make("exam", [...leaked, ...unseen]);
  await commit(evaluation);
  const flags = async () =>
    (await client.call("GET /api/v1/datasets/:datasetId/contamination", { params: { datasetId: training } })).items;
  expect(await flags()).toEqual([]);
  await client.call("PATCH /api/v1/datasets/:datasetId", {
    params: { datasetId: evaluation },
    body: { isEvaluation: true },
  });
  await waitForKind("contamination-check");
  const [flag] = await flags();
  expect(flag).toMatchObject({ evaluationName: "exam", version: 1, rows: 300, contaminated: 7 });
  expect(flag?.samples[0]).toMatchObject({ itemId: "q0", evaluationItemId: "e0" });
  await client.call("POST /api/v1/datasets/:datasetId/items", {
    params: { datasetId: evaluation },
    body: { items: [{ ...item(8), itemId: "later", inputs: { question: question(8) } }] },
  });
  await commit(evaluation);
  await waitForKind("contamination-check");
  expect((await flags())[0]?.contaminated).toBe(8);
  const { result } = await apply(training, { steps: [{ stepId: "decontamination" }] });
  expect(result).toMatchObject({ rows: 292, outcomes: [{ removed: 8 }] });
});

test("a version that is committed is looked through for every evaluation dataset, and said to be clean again once it is", async () => {
  const exam = await make(
    "exam of the committed",
    Array.from({ length: 9 }, (_, at) => item(20_000 + at)),
    {
      isEvaluation: true,
    },
  );
  await commit(exam);
  const second = await make("second exam", [item(30_000), item(30_001)], { isEvaluation: true });
  await commit(second);
  await waitForKind("contamination-check");
  const unlike = Array.from({ length: 50 }, (_, at) => item(40_000 + at));
  const leaks = [20_001, 20_004, 30_000].map((at) => ({ ...item(at), itemId: `leak-${at}` }));
  const training = await make("committed", [...unlike, ...leaks]);
  const flags = async () =>
    (await client.call("GET /api/v1/datasets/:datasetId/contamination", { params: { datasetId: training } })).items
      .filter(({ contaminated }) => contaminated > 0)
      .map(({ evaluationName, version, rows, contaminated }) => ({ evaluationName, version, rows, contaminated }))
      .sort((a, b) => a.evaluationName.localeCompare(b.evaluationName));
  expect(await flags()).toEqual([]);

  await commit(training);
  const { items } = await client.call("GET /api/v1/jobs", { query: { subject: training } });
  expect(items).toMatchObject([
    { kind: "contamination-of-version", title: "Check committed for contamination by evaluation datasets" },
  ]);
  await waitForKind("contamination-of-version");
  expect(await flags()).toEqual([
    { evaluationName: "exam of the committed", version: 1, rows: 53, contaminated: 2 },
    { evaluationName: "second exam", version: 1, rows: 53, contaminated: 1 },
  ]);

  await apply(training, { steps: [{ stepId: "decontamination" }] });
  await commit(training);
  await waitForKind("contamination-of-version");
  expect(await flags()).toEqual([]);
});

test("a report measures a dataset, as data and as a page", async () => {
  const datasetId = await make("measured", planted());
  const { jobId } = await client.call("POST /api/v1/datasets/:datasetId/reports", {
    params: { datasetId },
    body: { models: [{ provider: "openai", model: "gpt-4o-mini", trainUsdPerMillion: 3 }], epochs: 2 },
  });
  await waitFor(jobId);
  const { items } = await client.call("GET /api/v1/datasets/:datasetId/reports", { params: { datasetId } });
  const place = { params: { datasetId, reportId: items[0]?.reportId ?? "" } };
  const { report } = await client.call("GET /api/v1/datasets/:datasetId/reports/:reportId", place);
  expect(report).toMatchObject({
    name: "measured",
    rows: 620,
    shapes: [{ name: "pair", rows: 620 }],
    duplicates: { exactRows: 10, near: { rows: 20 } },
    privacy: { rows: 10, kinds: [{ kind: "email", findings: 10, rows: 10 }] },
    labels: { classCount: 8 },
    languages: [{ name: "en" }],
    leaks: null,
    epochs: 2,
  });
  const [model] = report.tokens;
  expect(model?.runUsd).toBeGreaterThan(0);
  expect(model?.trainingTokens).toBe(2 * ((model?.inputTokens ?? 0) + (model?.outputTokens ?? 0)));
  expect(model?.trainUsd).toBeCloseTo(((model?.trainingTokens ?? 0) / 1e6) * 3, 10);
  const page = await (await client.send("GET /api/v1/datasets/:datasetId/reports/:reportId/markdown", place)).text();
  expect(page).toContain("# Quality of measured");
  expect(page).toContain("openai gpt-4o-mini");
});

test.each([
  ["a step that is not there", { stepId: "polish", params: {} }, /no step "polish"/],
  ["a parameter of the wrong kind", { stepId: "length", params: { min: "many" } }, /params\.min/],
  ["limits the wrong way round", { stepId: "length", params: { min: 5, max: 2 } }, /max/],
  ["a parameter nobody knows", { stepId: "privacy", params: { acton: "drop" } }, /acton/],
])("%s is refused and named", async (_, step, message) => {
  const datasetId = await make(`bad ${step.stepId} ${JSON.stringify(step.params)}`, [item(1)]);
  const refused = { code: "invalid_request", message: expect.stringMatching(message) };
  const params = { datasetId };
  await expect(
    client.call("POST /api/v1/datasets/:datasetId/curation/preview", { params, body: { step } }),
  ).rejects.toMatchObject(refused);
  await expect(apply(datasetId, { steps: [step] })).rejects.toMatchObject(refused);
});

test("a draft that moved on, a version without a recipe and a dataset that is not there are refused", async () => {
  const datasetId = await make("moved", [item(1), item(2)]);
  const { revision } = await draftOf(datasetId);
  await expect(apply(datasetId, { steps: [{ stepId: "chat" }], expectedRevision: revision + 3 })).rejects.toMatchObject(
    { code: "conflict" },
  );
  await commit(datasetId);
  await expect(apply(datasetId, { recipeOf: { datasetId, version: "1" } })).rejects.toMatchObject({
    code: "unprocessable",
  });
  await expect(apply("ds_nothing", { steps: [{ stepId: "chat" }] })).rejects.toMatchObject({ code: "not_found" });
  await expect(apply(datasetId, {})).rejects.toBeInstanceOf(ApiError);
});

test("the command line previews, applies and reports", async () => {
  const datasetId = await make("from the shell", planted());
  const flags = ["--url", treadle.url, "--key", treadle.apiKey];
  const listed = await runTreadle(["dataset", "curate", "--list-steps", ...flags]);
  expect(listed.stdout).toContain("near-duplicates");
  const preview = await runTreadle(["dataset", "curate", "from the shell", "--preview", "--step", "privacy", ...flags]);
  expect(preview.stdout).toContain("privacy: 0 removed, 10 edited of 620 (email 10)");
  const done = await runTreadle([
    "dataset",
    "curate",
    datasetId,
    "--step",
    "exact-duplicates",
    "--step",
    'privacy={"action":"drop"}',
    ...flags,
  ]);
  expect(done.stdout).toContain("exact-duplicates: 10 removed, 0 edited of 620");
  expect(done.stdout).toContain("privacy: 10 removed, 0 edited of 610");
  const report = await runTreadle(["dataset", "report", datasetId, ...flags]);
  expect(report.stdout).toContain("# Quality of from the shell");
  const wrong = await runTreadle(["dataset", "curate", datasetId, "--step", "quality:nobody", ...flags]);
  expect([wrong.code, wrong.stderr]).toEqual([64, expect.stringContaining('no preset "nobody"')]);
});
