import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

let treadle: SharedTreadle;
let call: Client["call"];
const LONG = 150_000;
const patient = { timeout: 60_000, interval: 250 };

beforeAll(async () => {
  treadle = await openSharedTreadle();
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
});
afterAll(() => treadle?.stop());

const messages = (role: string, content: string) => [{ role, parts: [{ type: "text", content }] }];
const traceOf = (place: number) => place.toString(16).padStart(32, "a");
const spanOf = (place: number) => place.toString(16).padStart(16, "b");

/** Spans of model calls: two calls with the same input, one repeated call, and others. */
function span(place: number, { question = `Question ${place}?`, answer = `Answer ${place}.`, sessionId = "" } = {}) {
  return {
    traceId: traceOf(place),
    spanId: spanOf(place),
    name: "chat",
    kind: "generation" as const,
    sessionId,
    startTime: new Date(Date.now() - 600_000 + place * 1_000).toISOString(),
    durationMs: 300,
    responseModel: place % 2 ? "small" : "large",
    input: messages("user", question),
    output: messages("assistant", answer),
  };
}
const give = (place: number, said: object) =>
  call("POST /api/v1/feedback", {
    body: { target: { traceId: traceOf(place) }, consent: true, userId: `user ${place}`, ...said },
  });

test("feedback becomes rows that lead back to it, and what may not be used says why", { timeout: LONG }, async () => {
  const spans = [
    span(1, { question: "Where is my parcel?", answer: "No idea." }),
    span(2, { question: "Where is my parcel?", answer: "It arrives on Monday." }),
    span(3, { question: "Tell me more.", answer: "No.", sessionId: "s1" }),
    span(4, { question: "Tell me more.", answer: "With pleasure: it is blue.", sessionId: "s1" }),
    span(5, { answer: "Write to jo@example.com." }),
    span(6),
  ];
  await call("POST /api/v1/spans", { body: { spans } });
  const stored = async () => (await call("GET /api/v1/spans", { query: { limit: 20 } })).items.length;
  await expect.poll(stored, patient).toBe(spans.length);
  await give(1, { name: "helpful", value: false });
  await give(2, { name: "helpful", value: true });
  await give(3, { signal: "regenerated" });
  await give(5, { name: "helpful", value: true });
  await give(6, { name: "helpful", value: true, consent: false });
  await give(1, { name: "better", correction: "It arrives on Monday, at noon." });

  const body = { from: { kind: "feedback" as const }, isDryRun: true };
  const dry = async (shape: "sft" | "dpo" | "kto") =>
    call("POST /api/v1/feedback-to-dataset", { body: { ...body, shape } });
  await expect.poll(async () => (await dry("kto")).found, patient).toBe(6);
  const kto = await dry("kto");
  expect(kto.weights).toMatchObject({ wanted: 4, unwanted: 2 });
  expect(kto).toMatchObject({ masked: 1, draft: null });
  expect(kto.dropped).toContainEqual({
    reason: "Training on it is not allowed.",
    count: 1,
    sourceIds: [expect.stringMatching(/^fb_/)],
  });
  const sft = await dry("sft");
  expect(sft.samples.map(({ expected }) => expected)).toEqual(
    expect.arrayContaining([
      { role: "assistant", content: "It arrives on Monday, at noon." },
      { role: "assistant", content: "It arrives on Monday." },
      { role: "assistant", content: expect.stringMatching(/^Write to \[EMAIL_[0-9A-F]{8}\]\.$/) },
    ]),
  );

  const { datasetId } = await call("POST /api/v1/datasets", { body: { name: "From people" } });
  const make = () => call("POST /api/v1/feedback-to-dataset", { body: { from: body.from, shape: "dpo", datasetId } });
  const made = await make();
  expect(made.rows).toBe(3);
  const kinds = made.samples.map(({ metadata }) => metadata.kind).sort();
  expect(kinds).toEqual(["correction", "regeneration", "thumbs"]);
  expect(made.samples.find(({ metadata }) => metadata.kind === "regeneration")).toMatchObject({
    inputs: { messages: [{ role: "user", content: "Tell me more." }] },
    expected: {
      chosen: [{ role: "assistant", content: "With pleasure: it is blue." }],
      rejected: [{ role: "assistant", content: "No." }],
    },
    source: { kind: "feedback", traceId: traceOf(3), spanId: spanOf(3) },
  });
  expect(made.draft).toMatchObject({
    rows: 3,
    steps: [{ kind: "feedback", recipe: { feedbackToDataset: { version: 2 } } }],
  });
  expect((await make()).draft?.rows).toBe(3);

  await expect(
    call("POST /api/v1/feedback-to-dataset", { body: { from: body.from, shape: "dpo" } }),
  ).rejects.toMatchObject({ code: "invalid_request", message: expect.stringContaining("`datasetId` is missing") });
});

/** Answers every item that the queue assigns to the annotator, by the item's first words. */
async function answerAll(
  name: string,
  queueId: string,
  say: (item: { preview: string; left: string }) => Record<string, string | boolean>,
) {
  const { key } = await call("POST /api/v1/api-keys", {
    body: { name, permissions: ["annotation:read", "annotation:write", "traces:content"] },
  });
  const mine = createClient({ baseUrl: treadle.url, apiKey: key });
  for (;;) {
    const { items } = await mine.call("POST /api/v1/annotation-queues/:queueId/next", {
      params: { queueId },
      body: {},
    });
    const [item] = items;
    if (!item) return;
    const preview = String(item.content.fields[0]?.value);
    const left = String(item.content.candidates[0]?.fields[0]?.value ?? "");
    await mine.call("POST /api/v1/annotation-leases/:leaseId/answers", {
      params: { leaseId: item.leaseId },
      body: { clientId: `flow-${item.leaseId}`, status: "submitted", answers: say({ preview, left }) },
    });
  }
}

test("comparisons are ranked with their intervals, and become pairs with a margin", { timeout: LONG }, async () => {
  const { queueId } = await call("POST /api/v1/annotation-queues", {
    body: {
      name: "Compare",
      overlap: 3,
      goldRate: 0,
      questions: [{ type: "pairwise", key: "better", title: "Which one is better?" }],
    },
  });
  const items = Array.from({ length: 30 }, (_, at) => ({
    key: `pair-${at}`,
    content: {
      fields: [{ key: "input", value: `Prompt ${at}` }],
      candidates: [
        { id: "kind", fields: [{ key: "output", value: `kind words, and many of them, about ${at}` }] },
        { id: "curt", fields: [{ key: "output", value: `curt ${at}` }] },
      ],
    },
  }));
  await call("POST /api/v1/annotation-queues/:queueId/items", { params: { queueId }, body: { from: "custom", items } });
  // The third annotator prefers the curt answer every other time.
  const likes = (kind: (at: number) => boolean) => (item: { preview: string; left: string }) => {
    const wanted = kind(Number(item.preview.replace(/\D/g, ""))) ? "kind" : "curt";
    return { better: item.left.startsWith(wanted) ? "left" : "right" };
  };
  await answerAll(
    "One",
    queueId,
    likes(() => true),
  );
  await answerAll(
    "Two",
    queueId,
    likes((at) => at % 5 !== 0),
  );
  await answerAll(
    "Three",
    queueId,
    likes((at) => at % 2 === 0),
  );

  const collect = () => call("POST /api/v1/preferences/collect", { body: { queueIds: [queueId] } });
  expect(await collect()).toMatchObject({ pairs: 30, added: 30, byKind: [{ kind: "pairwise", pairs: 30 }] });
  expect(await collect()).toMatchObject({ pairs: 30, added: 0 });
  const { total, items: pairs } = await call("GET /api/v1/preferences", { query: { queueId, search: "Prompt 7" } });
  expect(total).toBe(1);
  expect(pairs[0]).toMatchObject({ chosenVariant: "kind", votes: { chosen: 2, rejected: 1, tie: 0 }, conflict: null });

  const board = await call("GET /api/v1/preferences/leaderboard", { query: { queueId } });
  expect(board).toMatchObject({ matches: 90, prompts: 30, raw: { reason: "" } });
  expect(board.raw.variants.map(({ variant }) => variant)).toEqual(["kind", "curt"]);
  expect(board.raw.variants[0]?.interval?.low).toBeGreaterThan(1_000);
  expect(board.sides.left + board.sides.right).toBe(90);
  expect(board.sides.isBiased).toBe(false);

  const { datasetId } = await call("POST /api/v1/datasets", { body: { name: "Preferences" } });
  const made = await call("POST /api/v1/feedback-to-dataset", {
    body: { from: { kind: "preferences", queueId }, shape: "reward", datasetId, rules: { testShare: 0.3 } },
  });
  expect(made.rows).toBe(30);
  expect(made.samples[0]?.metadata).toMatchObject({ margin: expect.any(Number), annotators: 3, guidelineVersion: 1 });
  expect(made.splits.map(({ split }) => split).sort()).toEqual(["test", "train"]);

  await call("POST /api/v1/annotation-queues/:queueId/guidelines", {
    params: { queueId },
    body: { markdown: "Anew." },
  });
  const later = await call("POST /api/v1/feedback-to-dataset", {
    body: { from: { kind: "preferences", queueId }, shape: "reward", isDryRun: true },
  });
  expect(later).toMatchObject({
    rows: 0,
    dropped: [{ reason: "It was answered under an older guideline.", count: 30 }],
  });
});

test("one truth comes out of several answers, and is published where judges are calibrated", {
  timeout: LONG,
}, async () => {
  const { queueId } = await call("POST /api/v1/annotation-queues", {
    body: {
      name: "Right or wrong",
      overlap: 3,
      goldRate: 0,
      questions: [
        { type: "binary", key: "right", title: "Is it right?" },
        { type: "text", key: "why", title: "Why?", isRequired: false },
      ],
    },
  });
  const isRight = (text: string) => Number(text.replace(/\D/g, "")) % 2 === 0;
  const items = Array.from({ length: 24 }, (_, at) => ({
    key: `item-${at}`,
    traceId: traceOf(100 + at),
    spanId: spanOf(100 + at),
    content: { fields: [{ key: "output", value: `Answer ${at}` }] },
  }));
  await call("POST /api/v1/annotation-queues/:queueId/items", { params: { queueId }, body: { from: "custom", items } });
  await answerAll("Careful", queueId, ({ preview }) => ({ right: isRight(preview) }));
  await answerAll("Good too", queueId, ({ preview }) => ({ right: isRight(preview) }));
  await answerAll("Always yes", queueId, () => ({ right: true }));

  const question = { question: "right" };
  const consensus = await call("GET /api/v1/annotation-queues/:queueId/consensus", {
    params: { queueId },
    query: { ...question, limit: 200 },
  });
  expect(consensus).toMatchObject({ total: 24, undecided: 0, settled: 0 });
  for (const { preview, value } of consensus.items) expect(value).toBe(isRight(preview));
  const worth = new Map(consensus.raters.map(({ annotator, accuracy }) => [annotator.name, accuracy]));
  expect(worth.get("Careful")).toBeGreaterThan(0.95);
  expect(worth.get("Always yes")).toBeLessThan(0.6);

  const publish = (to: object, more = {}) =>
    call("POST /api/v1/annotation-queues/:queueId/consensus", {
      params: { queueId },
      body: { ...question, ...more, to: { kind: "scores", name: "human right", ...to } as never },
    });
  await expect(publish({})).rejects.toMatchObject({ code: "invalid_request" });
  expect(await publish({ name: "human.right" })).toMatchObject({ published: 24, skipped: [], draft: null });
  const { datasetId } = await call("POST /api/v1/datasets", { body: { name: "Truth" } });
  const result = await call("POST /api/v1/annotation-queues/:queueId/consensus", {
    params: { queueId },
    body: { ...question, to: { kind: "dataset", datasetId, field: "metadata" } },
  });
  expect(result).toMatchObject({ published: 24, draft: { rows: 24 } });
  await expect(
    call("GET /api/v1/annotation-queues/:queueId/consensus", { params: { queueId }, query: { question: "why" } }),
  ).rejects.toMatchObject({ code: "unprocessable", message: expect.stringContaining("of the type text") });
});

test("a queue is filled with what is worth a minute, and part of it by chance", { timeout: LONG }, async () => {
  const { queueId } = await call("POST /api/v1/annotation-queues", {
    body: { name: "Look", goldRate: 0, questions: [{ type: "binary", key: "right", title: "Is it right?" }] },
  });
  const chosen = await call("POST /api/v1/annotation-selection", {
    body: {
      filter: "kind:generation",
      size: 4,
      randomShare: 0.5,
      importance: "tokens",
      weights: { unlike: 0 },
      queueId,
    },
  });
  expect(chosen).toMatchObject({ matching: 6, considered: 6, added: { added: 4, skipped: 0 } });
  const byChance = chosen.spans.filter(({ reason }) => reason === "random");
  expect(byChance.map(({ inclusionProbability }) => inclusionProbability)).toEqual([0.5, 0.5]);
  expect(chosen.gain.widthAfter).toBeLessThan(chosen.gain.widthNow);
  await expect(call("POST /api/v1/annotation-selection", { body: { filter: "name:nothing" } })).rejects.toMatchObject({
    code: "unprocessable",
    message: "No span matches. Widen the filter or the time range.",
  });
});

test("data that a user cannot read is not readable through datasets", { timeout: LONG }, async () => {
  const { key } = await call("POST /api/v1/api-keys", {
    body: { name: "Only data", permissions: ["datasets:write", "annotation:write", "traces:content"] },
  });
  const other = createClient({ baseUrl: treadle.url, apiKey: key });
  const refused = { code: "forbidden", message: expect.stringMatching(/(feedback|annotation|traces):read/) };
  for (const from of [{ kind: "feedback" as const }, { kind: "preferences" as const }])
    await expect(
      other.call("POST /api/v1/feedback-to-dataset", { body: { from, shape: "sft", isDryRun: true } }),
    ).rejects.toMatchObject(refused);
  await expect(other.call("POST /api/v1/annotation-selection", { body: {} })).rejects.toMatchObject(refused);
  await expect(other.call("POST /api/v1/preferences/collect", { body: { feedback: {} } })).rejects.toMatchObject(
    refused,
  );
  await expect(other.call("POST /api/v1/preferences/collect", { body: {} })).rejects.toMatchObject({
    code: "invalid_request",
    message: expect.stringContaining("There is no source to collect from."),
  });
});
