import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { type ScriptedJudge, startScriptedJudge } from "../../setup/scripted-judge.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

const LONG = { timeout: 150_000 };
const patient = { timeout: 60_000, interval: 250 };
const COUNT = 40;

let treadle: SharedTreadle;
let judge: ScriptedJudge;
let call: Client["call"];
let queueId = "";

beforeAll(async () => {
  judge = await startScriptedJudge();
  treadle = await openSharedTreadle();
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
  await call("POST /api/v1/connections", {
    body: {
      slug: "judges",
      preset: "vllm",
      baseUrl: judge.url,
      maxRetries: 0,
      keys: [{ value: "sk-a" }],
      models: ["strict-1"],
    },
  });
  const params = { model: "judges/strict-1", criteria: [{ name: "useful", description: "It helps." }] };
  await call("POST /api/v1/scorers", { body: { name: "useful", kind: "rubric", params } });
});
afterAll(async () => {
  await treadle?.stop();
  await judge?.close();
});

/** The judge passes answers that contain "good". People disagree with it on every tenth answer. */
const isGood = (at: number) => at % 4 < 2;
const isRight = (at: number) => (at % 10 === 0 ? !isGood(at) : isGood(at));
const placeOf = (text: string) => Number(/answer (\d+)/.exec(text)?.[1]);

const spansThat = async (filter: string) =>
  (await call("GET /api/v1/spans", { query: { filter, limit: 200 } })).items.length;

/** Answers all items that the queue assigns to this person. */
async function answerAll(name: string, say: (at: number) => boolean) {
  const permissions = ["annotation:read", "annotation:write", "traces:content"] as const;
  const { key } = await call("POST /api/v1/api-keys", { body: { name, permissions: [...permissions] } });
  const mine = createClient({ baseUrl: treadle.url, apiKey: key });
  for (;;) {
    const { items } = await mine.call("POST /api/v1/annotation-queues/:queueId/next", {
      params: { queueId },
      body: {},
    });
    const [item] = items;
    if (!item) return;
    const right = say(placeOf(JSON.stringify(item.content)));
    await mine.call("POST /api/v1/annotation-leases/:leaseId/answers", {
      params: { leaseId: item.leaseId },
      body: { clientId: `people-${item.leaseId}`, status: "submitted", answers: { right } },
    });
  }
}

test("spans that a live judge scored are answered by three people", LONG, async () => {
  await call("POST /api/v1/live-scoring", { body: { name: "judged", scorers: [{ scorer: "useful" }] } });
  const spans = Array.from({ length: COUNT }, (_, at) => ({
    traceId: at.toString(16).padStart(32, "a"),
    spanId: at.toString(16).padStart(16, "b"),
    name: "chat",
    kind: "generation" as const,
    startTime: new Date().toISOString(),
    durationMs: 5,
    input: `Question ${at}?`,
    output: `${isGood(at) ? "good" : "poor"} answer ${at}`,
  }));
  await call("POST /api/v1/spans", { body: { spans } });
  await expect.poll(() => spansThat("score.useful>=0"), patient).toBe(COUNT);
  const made = await call("POST /api/v1/annotation-queues", {
    body: {
      name: "Is it right",
      overlap: 3,
      goldRate: 0,
      questions: [{ type: "binary", key: "right", title: "Is it right?" }],
    },
  });
  ({ queueId } = made);
  const added = await call("POST /api/v1/annotation-queues/:queueId/items", {
    params: { queueId },
    body: { from: "spans", select: { filter: "kind:generation name:chat" } },
  });
  expect(added).toMatchObject({ added: COUNT });
  await answerAll("Careful", isRight);
  await answerAll("Good too", isRight);
  await answerAll("Always yes", () => true);
});

const publish = (to: object) =>
  call("POST /api/v1/annotation-queues/:queueId/consensus", {
    params: { queueId },
    body: { question: "right", to: to as never },
  });
const calibrate = () =>
  call("POST /api/v1/calibrations", {
    body: { scorer: "useful", source: { kind: "spans", score: "useful", label: "human" }, passAt: 0.5 },
  });

test("what they agree on, once published, is what the judge is calibrated on", LONG, async () => {
  const nothing = { status: 422, message: expect.stringContaining("both") };
  await expect(calibrate()).rejects.toMatchObject(nothing);
  expect(await publish({ kind: "scores", name: "human" })).toMatchObject({ published: COUNT, skipped: [] });
  await expect.poll(() => spansThat("score.human>=0"), patient).toBe(COUNT);
  const { report } = await calibrate();
  expect(report).toMatchObject({ scale: "pass", pairs: COUNT, unusable: 0, agreement: { value: 0.9 } });
  // Rows are people, columns are the judge. They disagree on four answers, two in each direction.
  expect(report.confusion).toEqual({
    labels: ["fail", "pass"],
    counts: [
      [18, 2],
      [2, 18],
    ],
  });
});

test("a reviewer's later decision corrects the labels when they are published again", LONG, async () => {
  const { items } = await call("GET /api/v1/annotation-queues/:queueId/items", {
    params: { queueId },
    query: { limit: 100 },
  });
  for (const { itemId } of items) {
    const item = await call("GET /api/v1/annotation-items/:itemId", { params: { itemId } });
    const at = placeOf(JSON.stringify(item.content));
    if (isRight(at) === isGood(at)) continue;
    await call("POST /api/v1/annotation-items/:itemId/adjudications", {
      params: { itemId },
      body: { answers: { right: isGood(at) }, reason: "The judge saw it.", seenVersion: item.adjudicationVersion },
    });
  }
  await publish({ kind: "scores", name: "human" });
  const { report } = await calibrate();
  expect(report).toMatchObject({ pairs: COUNT, agreement: { value: 1 }, kappa: { value: 1 } });
});

test("published into a dataset, it is an anchor set that holds the judge against it by itself", LONG, async () => {
  const { datasetId } = await call("POST /api/v1/datasets", { body: { name: "Agreed" } });
  const result = await publish({ kind: "dataset", datasetId, field: "metadata" });
  expect(result).toMatchObject({ published: COUNT, draft: { rows: COUNT } });
  const params = { datasetId };
  await call("POST /api/v1/datasets/:datasetId/draft/commit", { params, body: { message: "What people agree on." } });
  const names = { output: "inputs.output", label: "metadata.right" };
  await call("POST /api/v1/anchor-sets", {
    body: { name: "Agreed", scorer: "useful", datasetId, ...names, passAt: 0.5 },
  });
  const reportOf = async () =>
    (await call("GET /api/v1/anchor-sets", { query: { scorer: "useful" } })).items[0]?.latest?.report;
  await expect.poll(async () => (await reportOf())?.pairs, patient).toBe(COUNT);
  expect(await reportOf()).toMatchObject({ unusable: 0, agreement: { value: 1 } });
  const [item] = (await call("GET /api/v1/datasets/:datasetId/items", { params, query: { limit: 1 } })).items;
  expect(item).toMatchObject({
    source: { kind: "feedback", traceId: expect.stringMatching(/^a/) },
    metadata: { right: expect.any(Boolean), sourceIds: expect.any(Array) },
  });
  const { sourceIds = [] } = (item?.metadata ?? {}) as { sourceIds?: string[] };
  expect(sourceIds).toHaveLength(4);
});
