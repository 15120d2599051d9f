import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, createClient, type RequestFor } from "../../../packages/sdk/src/index.ts";
import { jsonSpan, jsonTraces } from "../../../packages/server/src/modules/observe/traces/otlp/testing/otlp-json.ts";
import { type ScriptedProvider, startScriptedProvider } from "../../setup/scripted-provider.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

let treadle: SharedTreadle;
let provider: ScriptedProvider;
let judge: { url: string; server: Server };
let call: Client["call"];

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** A judge that passes answers with "Paris". For a prompt with the word NONSENSE it returns an invalid response. */
async function startJudge() {
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await read(request));
    const prompt = JSON.stringify(body.messages).replaceAll("\\", "");
    const mark = /"id" must be "([0-9a-f]+)"/.exec(prompt)?.[1];
    const good = JSON.stringify({
      id: mark,
      reason: "It names a place.",
      scores: { useful: prompt.includes("Paris") ? 5 : 1 },
    });
    const message = { role: "assistant", content: prompt.includes("NONSENSE") ? "who knows" : good };
    const usage = { prompt_tokens: 30, completion_tokens: 12, total_tokens: 42 };
    const choices = [{ index: 0, message, finish_reason: "stop" }];
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ id: "c", object: "chat.completion", created: 1, model: body.model, choices, usage }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, server };
}

beforeAll(async () => {
  [provider, judge] = await Promise.all([startScriptedProvider(), startJudge()]);
  treadle = await openSharedTreadle();
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
  const shared = { preset: "vllm" as const, maxRetries: 0, keys: [{ value: "sk-a" }] };
  for (const [slug, baseUrl, model] of [
    ["scripted", provider.baseUrl, "echo-1"],
    ["judges", judge.url, "judge-1"],
  ] as const)
    await call("POST /api/v1/connections", { body: { ...shared, slug, baseUrl, models: [model] } });
});
afterAll(async () => {
  await treadle?.stop();
  await provider?.close();
  judge?.server.close();
});

const post = async (path: string, body: object, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${treadle.url}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${treadle.apiKey}`, "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
};
/** Calls the model through the gateway. The provider echoes the text. */
const complete = (text: string, user: string) =>
  post(
    "/v1/chat/completions",
    { model: "scripted/echo-1", messages: [{ role: "user", content: text }] },
    { "x-treadle-user": user },
  );
/** Records a call that did not go through the gateway, as an instrumented program does. */
const report = (text: string, user: string) =>
  post(
    "/v1/traces",
    jsonTraces([
      jsonSpan({
        name: "chat elsewhere",
        attributes: {
          "gen_ai.operation.name": "chat",
          "gen_ai.request.model": "elsewhere",
          "user.id": user,
          "gen_ai.input.messages": JSON.stringify([{ role: "user", parts: [{ type: "text", content: "Where?" }] }]),
          "gen_ai.output.messages": JSON.stringify([{ role: "assistant", parts: [{ type: "text", content: text }] }]),
        },
      }),
    ]),
  );

type RuleBody = RequestFor<"POST /api/v1/live-scoring">["body"];
const makeRule = (body: RuleBody) => call("POST /api/v1/live-scoring", { body });
const saysParis = (name: string) => ({ kind: "contains", name, params: { phrases: ["Paris"] } });
const rubric = (name: string) => ({
  kind: "rubric",
  name,
  params: { model: "judges/judge-1", criteria: [{ name: "useful", description: "It helps." }] },
});
const countsOf = async (ruleId: string) =>
  (await call("GET /api/v1/live-scoring/:ruleId", { params: { ruleId } })).counts;
const spansWith = async (filter: string) => (await call("GET /api/v1/spans", { query: { filter } })).items;
const patient = { timeout: 60_000, interval: 250 };
const LONG = 150_000;

test("calls through the gateway and spans from elsewhere are scored, found by their scores, and charted", {
  timeout: LONG,
}, async () => {
  await complete("Before the rule: Paris", "early");
  const body: RuleBody = { name: "places", scorers: [saysParis("says-paris"), rubric("useful")] };
  const rule = await makeRule({ ...body, filter: "user:ada" });
  expect(rule).toMatchObject({ scoreNames: ["says-paris", "useful"], isEnabled: true, counts: { scored: 0 } });
  await complete("In Paris.", "ada");
  await complete("In Rome.", "ada");
  await complete("In Paris, too.", "bob");
  await report("It is in Paris.", "ada");
  await complete("NONSENSE Paris", "ada");
  await expect.poll(() => countsOf(rule.ruleId), patient).toEqual({ scored: 7, undefined: 0, failed: 1, skipped: 0 });
  await expect.poll(async () => (await spansWith("score.says-paris:1")).length, patient).toBe(3);
  const good = await spansWith("score.useful>0.9");
  expect(good.map(({ requestModel }) => requestModel).sort()).toEqual(["elsewhere", "scripted/echo-1"]);
  expect((await spansWith("has:score")).every(({ userId }) => userId === "ada")).toBe(true);
  const [{ traceId = "", spanId = "" } = {}] = good;
  const { scores } = await call("GET /api/v1/traces/:traceId/spans/:spanId", { params: { traceId, spanId } });
  expect(scores).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ name: "useful", value: 1, source: "scorer", comment: "It names a place." }),
      expect.objectContaining({ name: "says-paris", value: 1, source: "scorer" }),
    ]),
  );
  const sql = "SELECT count(), uniqExact(trace_id, span_id, name) FROM scores WHERE source = 'scorer'";
  expect((await call("POST /api/v1/sql", { body: { sql } })).rows).toEqual([[7, 7]]);
  const hour = 3_600_000;
  const { rows } = await call("POST /api/v1/span-metrics", {
    body: {
      from: new Date(Date.now() - hour).toISOString(),
      to: new Date(Date.now() + hour).toISOString(),
      measures: ["score.says-paris"],
      where: { filter: "user:ada" },
    },
  });
  expect(rows[0]?.values).toEqual({ "score.says-paris": 0.75 });
});

test("what judges are asked is marked as evaluation, and no rule scores it", { timeout: LONG }, async () => {
  const rule = await makeRule({
    name: "everything",
    scorers: [{ kind: "length", name: "size" }, rubric("useful-too")],
  });
  await complete("In Paris, again.", "carl");
  await expect.poll(async () => (await countsOf(rule.ruleId)).scored, patient).toBe(2);
  await expect.poll(async () => (await spansWith("environment:evaluation")).length, patient).toBeGreaterThanOrEqual(5);
  await complete("Once more.", "carl");
  await expect.poll(async () => (await countsOf(rule.ruleId)).scored, patient).toBe(4);
  await expect.poll(async () => (await spansWith("score.size>0")).length, patient).toBe(2);
  expect(await spansWith("environment:evaluation has:score")).toEqual([]);
  await call("DELETE /api/v1/live-scoring/:ruleId", { params: { ruleId: rule.ruleId } });
  expect((await spansWith("score.size>0")).length).toBe(2);
});

test("a paused rule passes over what arrives; a backfill scores it once, and what failed again", {
  timeout: LONG,
}, async () => {
  const rule = await makeRule({ name: "pausing", filter: "user:dora", scorers: [saysParis("dora-paris")] });
  const params = { ruleId: rule.ruleId };
  expect(await call("PATCH /api/v1/live-scoring/:ruleId", { params, body: { isEnabled: false } })).toMatchObject({
    isEnabled: false,
  });
  const from = new Date(Date.now() - 60_000).toISOString();
  await complete("Paris while it rests", "dora");
  await expect.poll(async () => (await spansWith("user:dora")).length, patient).toBe(1);
  await call("PATCH /api/v1/live-scoring/:ruleId", { params, body: { isEnabled: true } });
  await complete("Rome when it is back", "dora");
  await expect.poll(async () => (await countsOf(rule.ruleId)).scored, patient).toBe(1);
  expect(await spansWith("score.dora-paris:1")).toEqual([]);
  for (const scored of [1, 0]) {
    const { jobId } = await call("POST /api/v1/live-scoring/:ruleId/backfill", { params, body: { from } });
    const job = () => call("GET /api/v1/jobs/:jobId", { params: { jobId } });
    await expect.poll(async () => (await job()).status, patient).toBe("done");
    expect((await job()).result).toMatchObject({ spans: 2, scored, failed: 0, stopped: "" });
  }
  expect((await spansWith("score.dora-paris:1")).length).toBe(1);
  const { items } = await call("GET /api/v1/live-scoring/:ruleId/scores", { params, query: { limit: 1 } });
  expect(items).toMatchObject([{ name: "dora-paris", state: "scored", value: 1 }]);
});

test("a day's budget stops the judge, and says so", { timeout: LONG }, async () => {
  const rule = await makeRule({
    name: "thrifty",
    filter: "user:eve",
    scorers: [rubric("thrifty")],
    budget: { tokens: 50 },
  });
  for (let at = 0; at < 20; at++) await complete(`In Paris ${at}.`, "eve");
  await expect
    .poll(async () => Object.values(await countsOf(rule.ruleId)).reduce((sum, count) => sum + count, 0), patient)
    .toBe(20);
  const after = await call("GET /api/v1/live-scoring/:ruleId", { params: { ruleId: rule.ruleId } });
  expect(after.counts.scored).toBeLessThan(10);
  expect(after).toMatchObject({
    today: { isOverBudget: true },
    lastError: expect.stringContaining("daily budget of 50 tokens"),
  });
});

test("a sampling rate takes a share of the traces, and a preview counts what would match", {
  timeout: LONG,
}, async () => {
  for (let at = 0; at < 40; at++) await complete(`Number ${at}`, "fay");
  const preview = (samplingRate: number) =>
    call("POST /api/v1/live-scoring/preview", { body: { filter: "user:fay", samplingRate } });
  await expect.poll(async () => (await preview(1)).matching, patient).toBe(40);
  expect(await preview(0.5)).toEqual({ matching: 40, sampled: 20 });
  const rule = await makeRule({
    name: "half",
    filter: "user:fay",
    samplingRate: 0.5,
    scorers: [{ kind: "length", name: "fay-size" }],
  });
  const params = { ruleId: rule.ruleId };
  const from = new Date(Date.now() - 120_000).toISOString();
  const { jobId } = await call("POST /api/v1/live-scoring/:ruleId/backfill", { params, body: { from } });
  await expect
    .poll(async () => (await call("GET /api/v1/jobs/:jobId", { params: { jobId } })).status, patient)
    .toBe("done");
  const { scored } = await countsOf(rule.ruleId);
  expect(scored).toBeGreaterThan(5);
  expect(scored).toBeLessThan(35);
});

type SentSpan = RequestFor<"POST /api/v1/spans">["body"]["spans"][number];
const step = (trace: string, id: string, about: Pick<SentSpan, "kind"> & Partial<SentSpan>): SentSpan => ({
  traceId: trace.repeat(32),
  spanId: `${trace}${id}`.repeat(8),
  name: `step ${id}`,
  durationMs: 10,
  startTime: new Date(Date.now() - 5_000).toISOString(),
  userId: "rita",
  ...about,
});

test("an answer is held against what its trace retrieved, once the trace is there; without any there is no score", {
  timeout: LONG,
}, async () => {
  const overlap = (name: string) => ({ kind: "support-overlap", name });
  const rule = await makeRule({ name: "supported", filter: "user:rita", scorers: [overlap("supported")] });
  const steps = await makeRule({
    name: "steps",
    filter: "user:rita",
    target: "roots" as const,
    scorers: [
      { kind: "code", name: "calls", params: { code: "function score({ toolCalls }) { return toolCalls.length; }" } },
    ],
  });
  const parent = { parentSpanId: "a1".repeat(8) };
  const answer = step("a", "2", { ...parent, kind: "generation", output: "Paris lies on the Seine." });
  await call("POST /api/v1/spans", { body: { spans: [answer] } });
  await expect.poll(async () => (await spansWith("user:rita")).length, patient).toBe(1);
  const early = new Date(Date.now() - 8_000).toISOString();
  const output = [{ content: "Paris lies on the Seine." }, { content: "Rome lies on the Tiber." }];
  const rest = [
    step("a", "3", { ...parent, kind: "retrieval", startTime: early, output }),
    step("a", "4", { ...parent, kind: "tool", startTime: early }),
    step("a", "1", { kind: "agent", startTime: early, durationMs: 9_000, output: "Done." }),
    step("b", "1", { kind: "generation", output: "I made this up." }),
  ];
  await call("POST /api/v1/spans", { body: { spans: rest } });
  await expect
    .poll(() => countsOf(rule.ruleId), { ...patient, timeout: 120_000 })
    .toEqual({ scored: 1, undefined: 1, failed: 0, skipped: 0 });
  await expect.poll(async () => (await spansWith("score.supported:1")).length, patient).toBe(1);
  const params = { ruleId: rule.ruleId };
  const none = { params, query: { state: "undefined" as const } };
  expect((await call("GET /api/v1/live-scoring/:ruleId/scores", none)).items).toMatchObject([
    { traceId: "b".repeat(32), value: null, reason: expect.stringContaining("no retrieval before this answer") },
  ]);
  await expect.poll(async () => (await countsOf(steps.ruleId)).scored, patient).toBe(2);
  // A score is counted when it is stored. The span gets it afterwards.
  await expect
    .poll(async () => (await spansWith("score.calls:1")).map(({ name }) => name), patient)
    .toEqual(["step 1"]);
});

test("deleting a rule with a schedule ends its runs by a job", { timeout: LONG }, async () => {
  const { ruleId } = await makeRule({ name: "scheduled", filter: "user:none", scorers: [saysParis("planned")] });
  await call("PUT /api/v1/live-scoring/:ruleId/schedule", { params: { ruleId }, body: {} });
  await call("DELETE /api/v1/live-scoring/:ruleId", { params: { ruleId } });
  const jobs = async () => (await call("GET /api/v1/jobs", { query: { subject: ruleId } })).items;
  await expect.poll(jobs, patient).toMatchObject([{ kind: "live-runs-end", status: "done" }]);
});

test("problems of a rule are reported by field", async () => {
  const good = { name: "good", scorers: [saysParis("x")] };
  await makeRule(good);
  const refusals: [object, number, string][] = [
    [{ ...good }, 409, "good"],
    [{ ...good, name: "a", filter: "model:" }, 400, "filter"],
    [{ ...good, name: "a", samplingRate: 0 }, 400, "samplingRate"],
    [{ ...good, name: "a", scorers: [] }, 400, "scorers"],
    [{ ...good, name: "a", scorers: [{ scorer: "nobody" }] }, 404, "nobody"],
    [{ ...good, name: "a", scorers: [{ kind: "exact-match" }] }, 422, "expected answer"],
    [{ ...good, name: "a", scorers: [saysParis("x"), saysParis("x")] }, 400, "scorers.1"],
    [{ ...good, name: "a", budget: { usd: -1 } }, 400, "budget.usd"],
  ];
  for (const [body, status, words] of refusals)
    await expect(makeRule(body as RuleBody)).rejects.toMatchObject({ status, message: expect.stringContaining(words) });
  const params = { ruleId: "rule_nobody" };
  await expect(call("GET /api/v1/live-scoring/:ruleId", { params })).rejects.toMatchObject({ status: 404 });
  const { items } = await call("GET /api/v1/live-scoring");
  const ruleId = items.find(({ name }) => name === "good")?.ruleId ?? "";
  for (const [from, words] of [
    [new Date(Date.now() + 3_600_000).toISOString(), "before"],
    ["2020-01-01T00:00:00Z", "90 days"],
  ] as const)
    await expect(
      call("POST /api/v1/live-scoring/:ruleId/backfill", { params: { ruleId }, body: { from } }),
    ).rejects.toMatchObject({ status: 400, message: expect.stringContaining(words) });
});
