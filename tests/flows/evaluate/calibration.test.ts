import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, createClient, type RequestFor } from "../../../packages/sdk/src/index.ts";
import { type ScriptedJudge, startScriptedJudge } from "../../setup/scripted-judge.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

let treadle: SharedTreadle;
let judge: ScriptedJudge;
let call: Client["call"];

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
      models: ["strict-1", "lax-1"],
    },
  });
});
afterAll(async () => {
  await treadle?.stop();
  await judge?.close();
});

const rubric = (model: string) => ({
  model: `judges/${model}`,
  criteria: [{ name: "useful", description: "It helps." }],
});
const makeJudge = (name: string) =>
  call("POST /api/v1/scorers", { body: { name, kind: "rubric", params: rubric("strict-1") } });
const patient = { timeout: 60_000, interval: 250 };
const LONG = 150_000;

/** 80 labelled answers, half of them good. People and a strict judge disagree on the topic `rare`. */
async function makeDataset(name: string): Promise<string> {
  const { datasetId } = await call("POST /api/v1/datasets", { body: { name } });
  const items = Array.from({ length: 80 }, (_, at) => {
    const topic = at % 10 === 0 ? "rare" : "usual";
    const isGood = at % 4 < 2;
    return {
      itemId: `item-${at}`,
      inputs: { question: `Question ${at}?`, answer: `${isGood ? "good" : "poor"} answer ${at}` },
      expected: null,
      metadata: { topic, human: (topic === "rare") !== isGood ? "pass" : "fail" },
    };
  });
  await call("POST /api/v1/datasets/:datasetId/items", { params: { datasetId }, body: { items } });
  await call("POST /api/v1/datasets/:datasetId/draft/commit", {
    params: { datasetId },
    body: { message: "Labelled." },
  });
  return datasetId;
}
const anchors = async (scorer: string) => (await call("GET /api/v1/anchor-sets", { query: { scorer } })).items;

test("an anchor set is judged immediately, and again when the judge changes; an alarm is raised when it got worse", {
  timeout: LONG,
}, async () => {
  const { scorerId } = await makeJudge("helpful");
  const datasetId = await makeDataset("anchors");
  const body = {
    name: "Golden answers",
    scorer: "helpful",
    datasetId,
    output: "inputs.answer",
    label: "metadata.human",
  };
  const made = await call("POST /api/v1/anchor-sets", { body: { ...body, passAt: 0.5 } });
  expect(made).toMatchObject({ name: "Golden answers", latest: null, isEnabled: true });
  await expect.poll(async () => (await anchors("helpful"))[0]?.latest?.report.pairs, patient).toBe(80);
  const [first] = (await call("GET /api/v1/calibrations", { query: { scorer: scorerId } })).items;
  expect(first).toMatchObject({ version: 1, alarm: null, source: { kind: "anchor", anchorName: "Golden answers" } });
  const report = first?.report;
  expect(report).toMatchObject({ scale: "pass", unusable: 0, agreement: { value: 0.9 } });
  expect(report?.confusion?.labels).toEqual(["fail", "pass"]);
  expect(report?.confusion?.counts.flat().reduce((sum, count) => sum + count, 0)).toBe(80);
  expect(report?.kappa.value).toBeCloseTo(0.8, 1);
  expect(report?.slices[0]).toMatchObject({ field: "topic", value: "rare", pairs: 8, error: 1, isWorse: true });
  const params = { calibrationId: first?.calibrationId ?? "" };
  const pairs = await call("GET /api/v1/calibrations/:calibrationId/pairs", { params, query: { limit: 10 } });
  expect(pairs.items.map(({ distance }) => distance)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 0, 0]);
  const rest = await call("GET /api/v1/calibrations/:calibrationId/pairs", {
    params,
    query: { limit: 200, cursor: pairs.nextCursor ?? "" },
  });
  expect(new Set([...pairs.items, ...rest.items].map(({ key }) => key)).size).toBe(80);

  await call("POST /api/v1/scorers/:scorerId/versions", {
    params: { scorerId },
    body: { params: rubric("lax-1"), message: "A cheaper model." },
  });
  const latest = async () => (await anchors(scorerId))[0]?.latest;
  await expect.poll(async () => (await latest())?.version, { ...patient, timeout: 90_000 }).toBe(2);
  const alarm = (await latest())?.alarm;
  expect(alarm).toMatchObject({ againstId: first?.calibrationId, message: expect.stringContaining("fewer of the 80") });
  expect(alarm?.difference).toBeLessThan(-0.1);
  expect(alarm?.pValue).toBeLessThan(0.05);
});

type Upload = { itemId: string; human?: string | number; judged: number };
/** Uploads a run that was answered and judged elsewhere. */
async function upload(name: string, answers: readonly Upload[], scorer: string) {
  const { runId } = await call("POST /api/v1/runs", { body: { name, scorers: [{ scorer }] } });
  await call("POST /api/v1/runs/:runId/answers", {
    params: { runId },
    body: {
      answers: answers.map(({ itemId, human, judged }) => ({
        itemId,
        inputs: { question: itemId },
        output: "x",
        ...(human !== undefined && { metadata: { human } }),
        scores: [{ scorer, value: judged }],
      })),
    },
  });
  await call("POST /api/v1/runs/:runId/finish", { params: { runId } });
  await expect
    .poll(async () => (await call("GET /api/v1/runs/:runId", { params: { runId } })).status, patient)
    .toBe("done");
  return runId;
}
const calibrate = (body: RequestFor<"POST /api/v1/calibrations">["body"]) =>
  call("POST /api/v1/calibrations", { body });

test("a judge that is too kind is corrected, by its errors on labelled answers", { timeout: LONG }, async () => {
  await makeJudge("kind judge");
  // Of 100 labelled answers, 40 are good and the judge passes 38 of them; 60 are bad and it passes 18.
  const labelled = Array.from({ length: 100 }, (_, at) => ({
    itemId: `labelled-${at}`,
    human: at < 40 ? "pass" : "fail",
    judged: at < 38 || (at >= 40 && at < 58) ? 1 : 0,
  }));
  const calibration = await calibrate({
    scorer: "kind judge",
    source: {
      kind: "run",
      runId: await upload("labelled", labelled, "kind judge"),
      scorer: "kind judge",
      label: "metadata.human",
    },
    passAt: 0.5,
  });
  expect(calibration.report).toMatchObject({
    pairs: 100,
    sensitivity: { value: 0.95 },
    specificity: { value: 0.7 },
    agreement: { value: 0.8 },
    bias: { value: expect.closeTo(0.16, 9) },
  });
  // It passes 56 of 100: (0.56 + 0.7 − 1) / (0.95 + 0.7 − 1) = 0.4.
  const others = Array.from({ length: 400 }, (_, at) => ({ itemId: `other-${at}`, judged: at % 100 < 56 ? 1 : 0 }));
  const runId = await upload("others", others, "kind judge");
  const { items } = await call("GET /api/v1/runs/:runId/corrections", { params: { runId } });
  expect(items).toMatchObject([
    {
      scorer: "kind judge",
      calibrationId: calibration.calibrationId,
      pairs: 100,
      isSameVersion: true,
      raw: { value: expect.closeTo(0.56, 9) },
      corrected: { value: expect.closeTo(0.4, 9) },
      predictionPowered: { value: expect.closeTo(0.4, 2) },
    },
  ]);
  const [one] = items;
  for (const estimate of [one?.corrected, one?.predictionPowered]) {
    expect(estimate?.interval?.low).toBeLessThan(0.4);
    expect(estimate?.interval?.high).toBeGreaterThan(0.4);
  }
});

test("scores on spans are held against other scores of the same spans, also by metadata", {
  timeout: LONG,
}, async () => {
  await makeJudge("span judge");
  const spans = Array.from({ length: 20 }, (_, at) => ({
    traceId: at.toString(16).padStart(32, "a"),
    spanId: at.toString(16).padStart(16, "b"),
    name: "chat",
    kind: "generation" as const,
    startTime: new Date().toISOString(),
    durationMs: 5,
    metadata: { tenant: at < 10 ? "acme" : "other" },
    output: `${at < 15 ? "good" : "poor"} answer ${at}`,
  }));
  await call("POST /api/v1/live-scoring", {
    body: {
      name: "watch",
      scorers: [{ scorer: "span judge" }, { kind: "contains", name: "thumb", params: { phrases: ["good"] } }],
    },
  });
  await call("POST /api/v1/spans", { body: { spans } });
  const scoredSpans = async () =>
    (await call("GET /api/v1/spans", { query: { filter: 'score."span judge">=0' } })).items;
  await expect.poll(async () => (await scoredSpans()).length, patient).toBe(20);
  const calibration = await calibrate({
    scorer: "span judge",
    source: { kind: "spans", score: "span judge", label: "thumb" },
    passAt: 0.5,
  });
  expect(calibration.report).toMatchObject({ pairs: 20, agreement: { value: 1 }, kappa: { value: 1 } });
  expect(calibration.report.slices.map(({ field, value }) => `${field} ${value}`).sort()).toEqual([
    "tenant acme",
    "tenant other",
  ]);
  const none = { scorer: "span judge", source: { kind: "spans", score: "span judge", label: "nothing" } as const };
  await expect(calibrate(none)).rejects.toMatchObject({ status: 422, message: expect.stringContaining("both") });
});

test("a judged rate of live spans is shown with its corrected value, and the version that gave the scores", {
  timeout: LONG,
}, async () => {
  for (const { ruleId } of (await call("GET /api/v1/live-scoring")).items)
    await call("DELETE /api/v1/live-scoring/:ruleId", { params: { ruleId } });
  const params = rubric("lax-1");
  const { scorerId } = await call("POST /api/v1/scorers", { body: { name: "live judge", kind: "rubric", params } });
  const people = { kind: "contains", name: "people", params: { phrases: ["good"] } };
  await call("POST /api/v1/live-scoring", {
    body: { name: "judged", filter: "tag:rates", scorers: [{ scorer: "live judge" }] },
  });
  await call("POST /api/v1/live-scoring", { body: { name: "labelled", filter: "user:labelled", scorers: [people] } });
  const send = (userId: string, numbers: readonly number[], isGood: (at: number) => boolean) =>
    call("POST /api/v1/spans", {
      body: {
        spans: numbers.map((at) => ({
          traceId: at.toString(16).padStart(32, "e"),
          spanId: at.toString(16).padStart(16, "f"),
          name: "chat",
          kind: "generation" as const,
          startTime: new Date().toISOString(),
          durationMs: 5,
          userId,
          tags: ["rates"],
          output: `${isGood(at) ? "good" : "poor"} answer ${at}`,
        })),
      },
    });
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, place) => from + place);
  const judgedOf = async (filter: string) =>
    (await call("GET /api/v1/spans", { query: { filter: `score."live judge">=0 ${filter}`, limit: 200 } })).items
      .length;
  // The judge passes all good answers and half of the bad ones: sensitivity 1, specificity 0.5.
  await send("labelled", range(0, 40), (at) => at < 20);
  // 24 of 60 are good, and it passes 42.
  await send("rest", range(100, 160), (at) => at < 124);
  await expect.poll(() => judgedOf("tag:rates"), patient).toBe(100);
  const now = Date.now();
  const [from, to] = [now - 600_000, now + 600_000].map((ms) => new Date(ms).toISOString());
  const rate = (more: object) =>
    call("POST /api/v1/score-rates", { body: { score: "live judge", from: from ?? "", to: to ?? "", ...more } });
  expect(await rate({})).toMatchObject({
    spans: 100,
    calibration: null,
    raw: { interval: { level: 0.95 } },
    corrected: { value: null, reason: expect.stringContaining("calibrated against human labels") },
  });
  await expect
    .poll(
      async () => (await call("GET /api/v1/spans", { query: { filter: "score.people>=0", limit: 200 } })).items.length,
      patient,
    )
    .toBe(40);
  const { calibrationId } = await calibrate({
    scorer: "live judge",
    passAt: 0.5,
    source: { kind: "spans", score: "live judge", label: "people" },
  });
  const found = await rate({ where: { filter: "user:rest" } });
  expect(found).toMatchObject({
    spans: 60,
    isCut: false,
    otherVersion: 0,
    calibration: { calibrationId, scorerId, version: 1, pairs: 40 },
    raw: { value: 0.7 },
    corrected: { value: expect.closeTo(0.4, 9) },
    alarm: null,
    warnings: [expect.stringContaining("are not from this time range")],
  });
  for (const { interval } of [found.corrected, found.predictionPowered]) {
    expect(interval?.low).toBeLessThan(0.4);
    expect(interval?.high).toBeGreaterThan(0.4);
  }
  expect(await rate({})).toMatchObject({ spans: 100, warnings: [] });
  const slo = { name: "Live judge", filter: "user:rest", objective: 0.9 };
  const preview = (least: number) =>
    call("POST /api/v1/slo-previews", { body: { ...slo, indicator: { kind: "score", score: "live judge", least } } });
  const { status, judge: estimate } = await preview(0.5);
  expect(status).toMatchObject({ n: 60, bad: 18, good: 0.7 });
  expect(estimate).toMatchObject({
    weighted: { good: 0.7 },
    corrected: { good: expect.closeTo(0.4, 9) },
    sensitivity: { value: 1 },
    specificity: { value: 0.5 },
    basis: { kind: "calibration", sourceId: calibrationId, scorerId, version: 1, pairs: 40 },
  });
  expect((await preview(0.9)).judge).toMatchObject({
    corrected: null,
    basis: null,
    reason: expect.stringContaining("calibrated for another threshold"),
  });

  await call("POST /api/v1/scorers/:scorerId/versions", {
    params: { scorerId },
    body: { params: rubric("strict-1"), message: "Stricter." },
  });
  await send("later", range(200, 205), () => true);
  await expect.poll(() => judgedOf("user:later"), patient).toBe(5);
  const mixed = await rate({});
  expect(mixed).toMatchObject({ spans: 105, otherVersion: 5, calibration: { version: 1 } });
  expect(mixed.warnings).toEqual([
    expect.stringContaining("5 scores in this time range come from another judge or version"),
  ]);
  await expect(rate({ to: from })).rejects.toMatchObject({ status: 400, message: expect.stringContaining("before") });
  expect(await rate({ score: "nothing" })).toMatchObject({ spans: 0, raw: { value: null, interval: null } });
});

test("problems are reported by field", async () => {
  const { scorerId } = await makeJudge("plain");
  const datasetId = await makeDataset("plain");
  const runId = await upload("two", [{ itemId: "a", human: "perhaps", judged: 1 }], "plain");
  const run = { kind: "run", runId, scorer: "plain", label: "metadata.human" } as const;
  type Body = RequestFor<"POST /api/v1/calibrations">["body"];
  const refusals: [object, number, string][] = [
    [{ scorer: "nobody", source: run }, 404, "nobody"],
    [{ scorer: "plain", version: 9, source: run }, 404, "no version 9"],
    [{ scorer: "plain", source: { ...run, runId: "run_none" } }, 404, "run_none"],
    [{ scorer: "plain", source: { ...run, scorer: "other" } }, 404, "other"],
    [{ scorer: "plain", source: { ...run, label: "somewhere" } }, 400, "source.label"],
    [{ scorer: "plain", source: run }, 422, "perhaps"],
    [{ scorer: "plain", source: { ...run, label: "metadata.nothing" } }, 422, "Check both names"],
  ];
  for (const [body, status, words] of refusals)
    await expect(calibrate(body as Body)).rejects.toMatchObject({ status, message: expect.stringContaining(words) });
  const set = { name: "set", scorer: scorerId, datasetId, output: "inputs.answer", label: "metadata.human" };
  const make = (more: object) => call("POST /api/v1/anchor-sets", { body: { ...set, ...more } });
  await expect(make({ label: "inputs.answer" })).rejects.toMatchObject({ status: 400 });
  await expect(make({ datasetId: "ds_none" })).rejects.toMatchObject({ status: 404 });
  const { anchorId } = await make({ label: "metadata.nothing" });
  const errorOf = async () => (await anchors(scorerId)).find((one) => one.anchorId === anchorId)?.lastError;
  await expect.poll(errorOf, patient).toContain("metadata.nothing");
  await expect(make({})).rejects.toMatchObject({ status: 409 });
  await call("DELETE /api/v1/anchor-sets/:anchorId", { params: { anchorId } });
  expect(await anchors(scorerId)).toEqual([]);
}, 60_000);
