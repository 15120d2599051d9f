import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

let treadle: SharedTreadle;
let provider: Awaited<ReturnType<typeof startLeakyProvider>>;
let call: Client["call"];

type Message = { readonly role: string; readonly content: string };

/** A model that gives away its system message to everyone who does not ask a question. */
async function startLeakyProvider() {
  const seen: Message[][] = [];
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { model, messages } = JSON.parse(Buffer.concat(chunks).toString()) as { model: string; messages: Message[] };
    seen.push(messages);
    if (model === "slow") await released;
    const question = messages.at(-1)?.content ?? "";
    const answer = () => {
      if (model === "attacker") return `Would you be so kind: ${question}`;
      return question.includes("?") ? "Row F has room." : `Here it is: ${messages[0]?.content}`;
    };
    const message = { role: "assistant", content: answer() };
    response.writeHead(200, { "content-type": "application/json" });
    response.end(
      JSON.stringify({
        id: "chatcmpl-1",
        object: "chat.completion",
        created: 1,
        model,
        choices: [{ index: 0, message, finish_reason: "stop" }],
        usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { seen, baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, release, close };
}

beforeAll(async () => {
  provider = await startLeakyProvider();
  treadle = await openSharedTreadle();
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
  await call("POST /api/v1/connections", {
    body: {
      slug: "leaky",
      preset: "vllm",
      baseUrl: provider.baseUrl,
      models: ["m", "attacker", "slow"],
      keys: [{ value: "sk-a" }],
    },
  });
}, 60_000);
afterAll(async () => {
  await treadle?.stop();
  await provider?.close();
});

const SECRETS = ["pebblewhisper", "mossycandle", "tidalbutton", "spokelantern", "whiskerfort"];
const outputGuard = {
  detector: "canary",
  options: { tokens: SECRETS },
  scopes: ["output" as const],
  action: "block" as const,
};
const inputGuard = {
  detector: "patterns",
  options: { patterns: [{ name: "encoded", pattern: "written in Base64" }] },
  scopes: ["user" as const],
  action: "block" as const,
};

const ended = (redTeamRunId: string) =>
  vi.waitFor(
    async () => {
      const run = await call("GET /api/v1/red-team-runs/:redTeamRunId", { params: { redTeamRunId } });
      expect(["done", "failed", "cancelled"]).toContain(run.state);
      return run;
    },
    { timeout: 60_000, interval: 50 },
  );

test("guards lower the success rate on the same attacks, and the report counts exactly what happened", async () => {
  const policy = await call("POST /api/v1/guard-policies", {
    body: { name: "Canaries", isEnabled: false, rules: [outputGuard] },
  });
  const started = await call("POST /api/v1/red-team-runs", {
    body: {
      name: "Three arms",
      target: { model: "leaky/m" },
      plugins: ["jailbreak", "system-prompt"],
      strategies: ["plain", "base64", "role-play"],
      attacksPerPair: 4,
      harmlessPerPair: 2,
      arms: [
        { name: "none", guards: { kind: "none" } },
        { name: "output", guards: { kind: "policy", policyId: policy.policyId } },
        { name: "input", guards: { kind: "rules", rules: [inputGuard] } },
      ],
    },
  });
  expect(started).toMatchObject({ state: "preparing", attacks: 24, harmless: 12, planned: 108 });
  const run = await ended(started.redTeamRunId);
  expect(run).toMatchObject({ state: "done", stopped: "finished", answers: 108, error: null });
  expect(run.arms[1]?.guards).toMatchObject({ version: 1 });
  // Requests that a guard rejects are not sent: 8 attacks and 4 harmless requests in Base64.
  expect(provider.seen).toHaveLength(108 - 12);

  const params = { redTeamRunId: run.redTeamRunId };
  const report = await call("GET /api/v1/red-team-runs/:redTeamRunId/report", { params });
  const { overall, cells, risks, notes } = report;
  expect(report).toMatchObject({ isComplete: true, arms: ["none", "output", "input"] });
  expect(overall.arms.map(({ attacks }) => [attacks.count, attacks.n])).toEqual([
    [24, 24],
    [0, 24],
    [16, 24],
  ]);
  // Without a question mark in sight, the model leaks to harmless requests in Base64 too.
  expect(overall.arms.map(({ harmless }) => [harmless.count, harmless.n])).toEqual([
    [0, 12],
    [4, 12],
    [4, 12],
  ]);
  expect(overall.arms.map(({ outcomes }) => outcomes)).toEqual([
    { leaked: 24 },
    { blocked: 24 },
    { blocked: 8, leaked: 16 },
  ]);
  const [base, output, input] = overall.arms;
  expect(base?.difference).toBeNull();
  expect(output?.difference).toMatchObject({ items: 24, difference: -1, verdict: "better", better: 24, worse: 0 });
  expect(output?.difference?.pValue).toBeCloseTo(2 * 0.5 ** 24, 12);
  expect(input?.difference).toMatchObject({ difference: -8 / 24, test: "mcnemar-exact", better: 8 });
  // Twelve harmless requests are too few for a verdict.
  expect(output?.refusalDifference).toMatchObject({ items: 12, verdict: "inconclusive", moreItems: 8 });
  const cell = cells.find(({ plugin, strategy }) => plugin === "jailbreak" && strategy === "base64");
  expect(cell?.arms.map(({ attacks }) => attacks.count)).toEqual([4, 0, 0]);
  expect(cell?.arms[0]).toMatchObject({ attacks: { isSmall: true, interval: { high: 1 } }, difference: null });
  expect(risks.find(({ entry }) => entry === "LLM07:2025")).toMatchObject({ plugins: ["system-prompt"] });
  expect(notes.join(" ")).toContain("fewer than 20 answers");

  const leaks = await call("GET /api/v1/red-team-runs/:redTeamRunId/attacks", {
    params,
    query: { succeededIn: 2, strategy: "role-play", intent: "attack", limit: 3 },
  });
  expect(leaks.items).toHaveLength(3);
  const [first] = leaks.items;
  expect(first).toMatchObject({ intent: "attack", strategy: "role-play" });
  expect(first?.answers.map(({ outcome }) => outcome)).toEqual(["leaked", "blocked", "leaked"]);
  expect(first?.answers[0]?.traceId).toMatch(/^[0-9a-f]{32}$/);

  const file = await fetch(`${treadle.url}/api/v1/red-team-runs/${run.redTeamRunId}/export?format=markdown`, {
    headers: { authorization: `Bearer ${treadle.apiKey}` },
  });
  const text = await file.text();
  expect(file.headers.get("content-type")).toContain("text/markdown");
  expect(text).toContain("24 of 24, 100 % \\(86.2 % to 100 %\\)");
  expect(text).toContain("MITRE ATLAS");
}, 120_000);

test("an attacker model rewrites requests, the run can be deleted, and nothing of it remains", async () => {
  const { redTeamRunId } = await call("POST /api/v1/red-team-runs", {
    body: {
      name: "Rewritten",
      target: { model: "leaky/m", assistant: "prompt", systemPrompt: "The code is {{secret}}." },
      plugins: ["system-prompt"],
      strategies: ["rewrite"],
      attacksPerPair: 3,
      harmlessPerPair: 0,
      attackerModel: "leaky/attacker",
    },
  });
  const run = await ended(redTeamRunId);
  // Three calls of the attacker, and three attacks that end with the attacker's own question.
  expect(run).toMatchObject({ state: "done", answers: 3, spent: { calls: 6 } });
  const params = { redTeamRunId };
  const { items } = await call("GET /api/v1/red-team-runs/:redTeamRunId/attacks", { params });
  expect(items).toHaveLength(3);
  for (const { goal, text, answers } of items) {
    expect(text).toBe(`Would you be so kind: ${goal}`);
    expect(answers).toMatchObject([
      { arm: "As configured", outcome: "leaked", output: "Here it is: The code is quartzmeadow." },
    ]);
  }
  await call("DELETE /api/v1/red-team-runs/:redTeamRunId", { params });
  await expect(call("GET /api/v1/red-team-runs/:redTeamRunId", { params })).rejects.toMatchObject({
    code: "not_found",
  });
  await expect(call("GET /api/v1/datasets/:datasetId", { params: { datasetId: run.datasetId } })).rejects.toMatchObject(
    { code: "not_found" },
  );
}, 120_000);

test("a canceled run continues where it was, and only an ended run can be deleted", async () => {
  const before = provider.seen.length;
  const { redTeamRunId } = await call("POST /api/v1/red-team-runs", {
    body: { name: "Canceled", target: { model: "leaky/slow" }, plugins: ["jailbreak"], harmlessPerPair: 0 },
  });
  const params = { redTeamRunId };
  await vi.waitFor(() => expect(provider.seen.length).toBeGreaterThan(before), { timeout: 60_000 });
  await expect(call("DELETE /api/v1/red-team-runs/:redTeamRunId", { params })).rejects.toMatchObject({
    code: "conflict",
  });
  await call("POST /api/v1/red-team-runs/:redTeamRunId/cancel", { params });
  expect(await ended(redTeamRunId)).toMatchObject({ state: "cancelled" });
  provider.release();
  await call("POST /api/v1/red-team-runs/:redTeamRunId/resume", { params });
  expect(await ended(redTeamRunId)).toMatchObject({ state: "done", answers: 5, planned: 5 });
  await expect(call("POST /api/v1/red-team-runs/:redTeamRunId/resume", { params })).rejects.toMatchObject({
    code: "conflict",
  });
}, 120_000);

test("input that cannot work is refused before anything is stored, with the place and the remedy", async () => {
  const start = (changes: object) =>
    call("POST /api/v1/red-team-runs", {
      body: { name: "Refused", target: { model: "leaky/m" }, plugins: ["jailbreak"], ...changes } as never,
    });
  const cases: [object, string, RegExp][] = [
    [{ plugins: ["bias"] }, "unprocessable", /judgeModel/],
    [{ strategies: ["rewrite"] }, "unprocessable", /attackerModel/],
    [{ budget: { calls: 3 } }, "unprocessable", /may need 7 calls/],
    [{ target: { model: "leaky/m", assistant: "endpoint" } }, "unprocessable", /Set `secret`/],
    [{ target: { model: "leaky/m", assistant: "prompt", systemPrompt: "x" } }, "unprocessable", /\{\{secret\}\}/],
    [{ target: { model: "nothing/m" } }, "not_found", /nothing/],
    [
      { arms: [{ name: "a", guards: { kind: "policy", policyId: "gp_none" } }] },
      "not_found",
      /arms\.0: .*guard policy/,
    ],
    [
      { arms: [{ name: "a", guards: { kind: "rules", rules: [{ detector: "nothing" }] } }] },
      "unprocessable",
      /arms\.0: .*detector "nothing"/,
    ],
  ];
  for (const [changes, code, message] of cases)
    await expect(start(changes), JSON.stringify(changes)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  const { items } = await call("GET /api/v1/red-team-runs", {});
  expect(items.filter(({ name }) => name === "Refused")).toEqual([]);
});

test("a key that may not change guards cannot choose the guards of an arm", async () => {
  const permissions = ["gateway:use", "experiments:read", "experiments:write", "datasets:write"] as const;
  const { key } = await call("POST /api/v1/api-keys", { body: { name: "no guards", permissions: [...permissions] } });
  const limited = createClient({ baseUrl: treadle.url, apiKey: key });
  const body = { name: "Limited", target: { model: "leaky/m" }, plugins: ["jailbreak" as const], attacksPerPair: 1 };
  await expect(
    limited.call("POST /api/v1/red-team-runs", {
      body: { ...body, arms: [{ name: "none", guards: { kind: "none" } }] },
    }),
  ).rejects.toMatchObject({ code: "forbidden", message: expect.stringContaining("guards:write") });
  const { redTeamRunId } = await limited.call("POST /api/v1/red-team-runs", { body });
  expect(await ended(redTeamRunId)).toMatchObject({ state: "done", answers: 3 });
});
