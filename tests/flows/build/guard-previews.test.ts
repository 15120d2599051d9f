import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { type ScriptedProvider, startScriptedProvider } from "../../setup/scripted-provider.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

/** Built from parts, so that scanners of this repository do not report it as a real key. */
const SECRET = ["gh", "p_", "pLaNtEd1b2C3d4E5f6G7h8I9j0KlMnOpQrSt"].join("");
const ENGLISH = "Please tell me what the weather in London will be like tomorrow afternoon, and what I should wear.";
const GERMAN = "Bitte sage mir, wie das Wetter morgen Nachmittag in Berlin wird und was ich anziehen soll.";
const EMAIL = "planted.person@example.org";
const RULES = [
  { detector: "secrets", action: "block" as const, scopes: ["user" as const] },
  { detector: "personal-data", action: "mask" as const, options: { groups: ["email"] } },
];
const PATIENCE = { timeout: 60_000, interval: 100 };

let treadle: SharedTreadle;
let provider: ScriptedProvider;
let call: Client["call"];
let otherCall: Client["call"];
let others: SharedTreadle;

beforeAll(async () => {
  provider = await startScriptedProvider();
  [treadle, others] = [await openSharedTreadle(), await openSharedTreadle()];
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
  ({ call: otherCall } = createClient({ baseUrl: others.url, apiKey: others.apiKey }));
  await call("POST /api/v1/connections", {
    body: { slug: "echo", preset: "vllm", baseUrl: provider.baseUrl, models: ["m"], keys: [{ value: "sk-echo" }] },
  });
  await call("POST /api/v1/endpoints", {
    body: { name: "support", variants: [{ name: "only", model: "echo/m", weight: 1 }] },
  });
  // 30 calls: 6 with a secret, 3 of them with an e-mail address too, and 5 with an address alone.
  for (let place = 0; place < 30; place++) {
    const parts = [place < 6 ? `My key is ${SECRET}.` : "", place >= 3 && place < 11 ? `I am ${EMAIL}.` : ""];
    await ask(place % 2 === 0 ? "support" : "echo/m", [...parts, place < 20 ? ENGLISH : GERMAN].join(" ").trim());
  }
  await vi.waitFor(async () => {
    const { items } = await call("GET /api/v1/spans", { query: { limit: 200, kind: "generation" } });
    expect(items).toHaveLength(30);
  }, PATIENCE);
}, 120_000);
afterAll(async () => {
  await Promise.all([treadle?.stop(), others?.stop()]);
  await provider?.close();
});

async function ask(model: string, content: string) {
  const response = await fetch(`${treadle.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${treadle.apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content }] }),
  });
  expect(response.status).toBe(200);
  await response.arrayBuffer();
}

const finished = (previewId: string) =>
  vi.waitFor(async () => {
    const preview = await call("GET /api/v1/guard-previews/:previewId", { params: { previewId } });
    expect(preview.state).toBe("done");
    return preview;
  }, PATIENCE);

let previewId: string;
let example: NonNullable<Awaited<ReturnType<typeof finished>>["result"]>["examples"][number];

test("a preview counts the calls that rules would have blocked or changed, and changes nothing", async () => {
  const started = await call("POST /api/v1/guard-previews", { body: { rules: RULES } });
  ({ previewId } = started);
  expect(started).toMatchObject({ state: "running", result: null, policyId: null });
  const { result } = await finished(previewId);
  if (!result) return expect.unreachable("a finished preview has a result");
  expect(result).toMatchObject({ matching: 30, read: 30, isSample: false, withoutText: 0, alreadyChanged: 0 });
  expect(result.affected).toMatchObject({ count: 11, of: 30, low: null });
  // An echo repeats the address, but the rule for secrets reads what users write only.
  expect(result.actions.map(({ action, calls }) => [action, calls.count])).toEqual([
    ["mask", 5],
    ["block", 6],
  ]);
  expect(result.byRule.map(({ calls, findings }) => [calls.count, findings])).toEqual([
    [6, 6],
    [8, 16],
  ]);
  expect(result.byKind.map(({ kind, calls }) => [kind, calls.count])).toEqual([
    ["email", 8],
    ["github-token", 6],
  ]);
  expect(result.byEndpoint.map(({ name, read }) => [name, read])).toEqual([
    ["", 15],
    ["support", 15],
  ]);
  expect(result.byDay.reduce((sum, { read }) => sum + read, 0)).toBe(30);
  expect(result.byLanguage.map(({ name, read }) => [name, read])).toEqual([
    ["en", 20],
    ["de", 10],
  ]);
  expect(result.notScanned).toEqual([]);
  expect(JSON.stringify(result)).not.toMatch(/planted/i);
  const secrets = result.examples.filter(({ detector }) => detector === "secrets");
  expect(secrets).toHaveLength(6);
  example = secrets[0] ?? expect.unreachable("an example");
  expect(example).toMatchObject({ source: "user", path: "input.0.parts.0.content", start: 10, end: 50 });
  // No policy exists, so the next call passes.
  await ask("support", `My key is ${SECRET}.`);
});

test("an example leads to its place in the trace", async () => {
  const { traceId, spanId, start, end } = example;
  const span = await call("GET /api/v1/traces/:traceId/spans/:spanId", { params: { traceId, spanId } });
  const [message] = span.input as { parts: { content: string }[] }[];
  expect(message?.parts[0]?.content.slice(start, end)).toBe(SECRET);
});

test("a stored policy is previewed at a version and for its calls", async () => {
  const { items } = await call("GET /api/v1/endpoints", { query: { limit: 50 } });
  const endpointId = items.find(({ name }) => name === "support")?.endpointId ?? "";
  const body = {
    name: "Keys",
    isEnabled: false,
    appliesTo: { endpointId },
    rules: [{ detector: "secrets", action: "flag" as const }],
  };
  const { policyId } = await call("POST /api/v1/guard-policies", { body });
  await call("PUT /api/v1/guard-policies/:policyId", {
    params: { policyId },
    body: { ...body, rules: [{ detector: "secrets", action: "block" }] },
  });
  const start = async (more: object) =>
    finished((await call("POST /api/v1/guard-previews", { body: { policyId, ...more } })).previewId);
  const [first, current] = [await start({ version: 1 }), await start({})];
  expect([first.version, first.result?.actions[0]?.action]).toEqual([1, "flag"]);
  expect([current.version, current.result?.actions[0]?.action]).toEqual([2, "block"]);
  expect(current.result?.byEndpoint.map(({ name }) => name)).toEqual(["support"]);
});

test("two labels move the precision of a detector", async () => {
  const precision = async () => {
    const { items } = await call("GET /api/v1/guard-detectors", { query: { limit: 200 } });
    return items.find(({ name }) => name === "secrets")?.precision;
  };
  expect(await precision()).toMatchObject({ count: 0, of: 0, share: null });
  const { traceId, spanId, detector, kind, path, start, end } = example;
  const finding = { traceId, spanId, detector, kind, path, start, end };
  const right = await call("PUT /api/v1/guard-labels", { body: { ...finding, isRight: true } });
  expect(await precision()).toMatchObject({ count: 1, of: 1, share: 1 });
  await call("PUT /api/v1/guard-labels", { body: { ...finding, start: start + 1, isRight: false } });
  const moved = await precision();
  expect(moved).toMatchObject({ count: 1, of: 2, share: 0.5 });
  expect(moved?.low).toBeCloseTo(0.0945, 3);
  expect(moved?.high).toBeCloseTo(0.9055, 3);
  const { items } = await call("GET /api/v1/guard-labels", { query: { limit: 10, traceId } });
  expect(items.map(({ isRight }) => isRight)).toEqual([false, true]);
  const { guardLabelId } = right;
  await call("DELETE /api/v1/guard-labels/:guardLabelId", { params: { guardLabelId } });
  expect(await precision()).toMatchObject({ count: 0, of: 1 });
});

test("an answer in an annotation queue becomes a label", async () => {
  const { queueId } = await call("POST /api/v1/annotation-queues", {
    body: {
      name: "Findings",
      goldRate: 0,
      questions: [{ type: "binary", key: "right", title: "Is this finding right?" }],
    },
  });
  const params = { queueId };
  const added = await call("POST /api/v1/annotation-queues/:queueId/items", {
    params,
    body: { from: "guard-findings", previewId, detector: "personal-data", question: "right", size: 2 },
  });
  expect(added).toMatchObject({ added: 2, matching: 16 });
  const { items } = await call("POST /api/v1/annotation-queues/:queueId/next", { params, body: {} });
  expect(items[0]?.content.fields[1]?.value).toContain(`[[${EMAIL}]]`);
  await call("POST /api/v1/annotation-leases/:leaseId/answers", {
    params: { leaseId: items[0]?.leaseId ?? "" },
    body: { clientId: "an-answer-of-one", status: "submitted", answers: { right: true }, msActive: 1 },
  });
  const { items: detectors } = await call("GET /api/v1/guard-detectors", { query: { limit: 200 } });
  expect(detectors.find(({ name }) => name === "personal-data")?.precision).toMatchObject({ count: 1, of: 1 });
});

test("detectors say how often they fired, and have the figures of their built-in sets", async () => {
  const policy = { name: "Live", rules: [{ detector: "secrets", action: "observe" as const }] };
  const { policyId } = await call("POST /api/v1/guard-policies", { body: policy });
  await ask("echo/m", `My key is ${SECRET}.`);
  await ask("echo/m", "Hello.");
  await vi.waitFor(async () => {
    const { items } = await call("GET /api/v1/guard-detectors", { query: { limit: 200 } });
    const [secrets, injection] = ["secrets", "injection"].map((name) => items.find((one) => one.name === name));
    expect(secrets).toMatchObject({ isDeterministic: true, fired: { count: 1, of: 2, share: 0.5 } });
    expect(secrets?.figures.map(({ measure }) => measure)).toEqual(["recall", "precision"]);
    expect(injection?.fired.of).toBe(0);
    expect(injection?.figures.length).toBeGreaterThan(50);
  }, PATIENCE);
  await call("DELETE /api/v1/guard-policies/:policyId", { params: { policyId } });
});

test("bad input is rejected with its place", async () => {
  const start = (body: object) => call("POST /api/v1/guard-previews", { body: body as never });
  await expect(start({})).rejects.toMatchObject({ status: 400, message: expect.stringContaining("`rules`") });
  await expect(start({ rules: RULES, days: 31 })).rejects.toMatchObject({ message: expect.stringContaining("days") });
  await expect(start({ rules: RULES, filter: "user:(" })).rejects.toMatchObject({
    message: expect.stringContaining("filter"),
  });
  await expect(start({ rules: [{ detector: "magic" }] })).rejects.toMatchObject({
    status: 422,
    message: expect.stringContaining('no detector "magic"'),
  });
  const label = call("PUT /api/v1/guard-labels", { body: { ...example, isRight: true } as never });
  await expect(label).rejects.toMatchObject({ status: 400, message: expect.stringContaining("source") });
});

test("another project finds neither the preview nor the span", async () => {
  const params = { previewId };
  await expect(otherCall("GET /api/v1/guard-previews/:previewId", { params })).rejects.toMatchObject({ status: 404 });
  await expect(otherCall("DELETE /api/v1/guard-previews/:previewId", { params })).rejects.toMatchObject({
    status: 404,
  });
  const { traceId, spanId, detector, kind, path, start, end } = example;
  const body = { traceId, spanId, detector, kind, path, start, end, isRight: true };
  await expect(otherCall("PUT /api/v1/guard-labels", { body })).rejects.toMatchObject({ status: 404 });
  await call("DELETE /api/v1/guard-previews/:previewId", { params });
  await expect(call("GET /api/v1/guard-previews/:previewId", { params })).rejects.toMatchObject({ status: 404 });
});
