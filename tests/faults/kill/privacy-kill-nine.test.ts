import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { jsonSpan, jsonTraces } from "../../../packages/server/src/modules/observe/traces/otlp/testing/otlp-json.ts";
import { tracesToProtobuf } from "../../../packages/server/src/modules/observe/traces/otlp/testing/to-protobuf.ts";
import { filesBelow, filesWithPlanted, plant, rowsWithPlanted } from "../../setup/planted-values.ts";
import { type ScriptedProvider, startScriptedProvider } from "../../setup/scripted-provider.ts";
import { countKills, type Killable, openKillable } from "./killable.ts";

const KILLS = countKills(3);
const CLIENTS = 3;
const PATIENCE = { timeout: 60_000, interval: 200 };
const REDACTED = "Mail [EMAIL], card [CARD], key [GITHUB_TOKEN].";

let server: Killable;
let provider: ScriptedProvider;
let planted = 0;

const text = () => {
  const { email, card, token } = plant(planted++);
  return `Mail ${email}, card ${card}, key ${token}.`;
};

beforeAll(async () => {
  [provider, server] = await Promise.all([startScriptedProvider(), openKillable()]);
  const { call } = server.client();
  await call("PUT /api/v1/privacy", { body: { isEnabled: true } });
  await call("POST /api/v1/connections", {
    body: { slug: "s", preset: "vllm", baseUrl: provider.baseUrl, models: ["echo-1"], keys: [{ value: "sk-a" }] },
  });
  await call("POST /api/v1/guard-policies", {
    body: {
      name: "Privacy",
      rules: [
        { detector: "secrets", action: "redact" },
        { detector: "personal-data", action: "mask", options: { groups: ["email"] } },
        { detector: "personal-data", action: "redact", options: { groups: ["card"] } },
      ],
    },
  });
});
afterAll(async () => {
  await server?.close();
  await provider?.close();
});

type Ledger = { readonly acknowledged: Set<string>; answers: number };

const post = (path: string, body: Buffer | string, type: string) =>
  fetch(`${server.url}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.apiKey}`, "content-type": type },
    body: typeof body === "string" ? body : new Uint8Array(body),
  });

/** Sends spans with planted values until the server is gone. Adds traces that were acknowledged. */
async function sendSpans(ledger: Ledger): Promise<void> {
  for (;;) {
    const spans = Array.from({ length: 10 }, (_, at) =>
      jsonSpan({
        name: "kill-privacy",
        attributes: {
          "gen_ai.operation.name": "chat",
          "gen_ai.input.messages": JSON.stringify([{ role: "user", parts: [{ type: "text", content: text() }] }]),
          note: text(),
          ...(at === 0 && { long: `${"word ".repeat(8_000)}${text()}` }),
        },
        status: { code: 2, message: text() },
        events: [{ name: text() }],
      }),
    );
    try {
      const response = await post("/v1/traces", tracesToProtobuf(jsonTraces(spans)), "application/x-protobuf");
      if (response.status !== 200 || (await response.text()) !== "") return;
    } catch {
      return;
    }
    for (const { traceId = "" } of spans) ledger.acknowledged.add(traceId);
  }
}

/** Calls the gateway with planted values until the server is gone. */
async function callGateway(ledger: Ledger): Promise<void> {
  for (let stream = false; ; stream = !stream) {
    const body = { model: "s/echo-1", stream, messages: [{ role: "user", content: text() }] };
    try {
      const response = await post("/v1/chat/completions", JSON.stringify(body), "application/json");
      if (response.status !== 200 || (await response.text()) === "") return;
    } catch {
      return;
    }
    ledger.answers += 1;
  }
}

async function spansBy(sql: string): Promise<unknown[][]> {
  const { rows } = await server.client().call("POST /api/v1/sql", { body: { sql, limit: 10_000 } });
  return rows;
}

test(`after kill -9 at ${KILLS} random moments no planted value is on the disk, and acknowledged spans are stored redacted`, async () => {
  const ledger: Ledger = { acknowledged: new Set(), answers: 0 };
  for (let kill = 0; kill < KILLS; kill++) {
    const clients = Array.from({ length: CLIENTS }, (_, at) =>
      at % 2 === 0 ? sendSpans(ledger) : callGateway(ledger),
    );
    const before = { spans: ledger.acknowledged.size, answers: ledger.answers };
    await vi.waitFor(() => {
      expect(ledger.acknowledged.size).toBeGreaterThan(before.spans);
      expect(ledger.answers).toBeGreaterThan(before.answers);
    }, PATIENCE);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 600));
    await server.kill();
    await Promise.all(clients);
    expect(filesWithPlanted(server.dataFolder)).toEqual([]);
    await server.start();
  }
  const { call } = server.client();
  await vi.waitFor(async () => expect((await call("GET /api/v1/system")).spool.pendingRows).toBe(0), PATIENCE);
  const stored = await spansBy(
    "SELECT trace_id, attributes['note'], input_preview, error_message FROM spans WHERE name = 'kill-privacy'",
  );
  const traces = new Set(stored.map(([traceId]) => String(traceId)));
  expect(ledger.acknowledged.size).toBeGreaterThan(KILLS);
  expect([...ledger.acknowledged].filter((traceId) => !traces.has(traceId))).toEqual([]);
  for (const row of stored) expect(row.slice(1)).toEqual([REDACTED, REDACTED, REDACTED]);

  const calls = await spansBy("SELECT guard_action, input_preview FROM spans WHERE guard_policy != ''");
  expect(ledger.answers).toBeGreaterThanOrEqual(KILLS);
  expect(calls.length).toBeGreaterThan(0);
  expect([...new Set(calls.map(([action]) => action))]).not.toContain("allow");
  expect(provider.seen.length).toBeGreaterThan(0);
  expect(JSON.stringify(provider.seen.map(({ body }) => body))).not.toMatch(/pl4nted\d/);

  await server.kill();
  expect(filesBelow(server.dataFolder).length).toBeGreaterThan(10);
  expect(filesWithPlanted(server.dataFolder)).toEqual([]);
  const rows = await rowsWithPlanted(join(server.dataFolder, "columnar"));
  expect(Object.keys(rows)).toContain("spans");
  expect(Object.values(rows).flat()).toEqual([]);
}, 600_000);
