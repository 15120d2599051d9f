import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SpanInput } from "@treadle/contract";
import { expect, test } from "vitest";
import { type Client, createClient } from "../../packages/sdk/src/index.ts";
import { jsonSpan, jsonTraces } from "../../packages/server/src/modules/traces/otlp/testing/otlp-json.ts";
import { tracesToProtobuf } from "../../packages/server/src/modules/traces/otlp/testing/to-protobuf.ts";
import { startTreadle } from "../setup/start-treadle.ts";

const KILLS = 50;
const CLIENTS = 4;
const FROM = "2026-01-01T00:00:00.000Z";

const span = (spanId: string): SpanInput => ({
  traceId: randomBytes(16).toString("hex"),
  spanId,
  name: "kill-nine",
  startTime: FROM,
  durationMs: 1,
  input: null,
  output: null,
});

type Ledger = { readonly sent: Set<string>; readonly acknowledged: Set<string> };

type Keep = (ids: readonly string[]) => Promise<unknown>;

const keepOverApi =
  ({ call }: Client): Keep =>
  (ids) =>
    call("POST /api/v1/spans", { body: { spans: ids.map(span) } });

/** As OpenTelemetry's exporters do; throws for anything but a whole success. */
const keepOverOtlp =
  ({ url, apiKey }: { url: string; apiKey: string }): Keep =>
  async (ids) => {
    const spans = ids.map((spanId) => jsonSpan({ spanId, name: "kill-nine", startMs: Date.parse(FROM) }));
    const response = await fetch(`${url}/v1/traces`, {
      method: "POST",
      body: new Uint8Array(tracesToProtobuf(jsonTraces(spans))),
      headers: { "content-type": "application/x-protobuf", authorization: `Bearer ${apiKey}` },
    });
    if (response.status !== 200 || (await response.text()) !== "") throw new Error("not kept");
  };

/** Sends batches until the server is gone; what was answered with a 2xx is written into the ledger. */
async function send(keep: Keep, ledger: Ledger) {
  for (;;) {
    const ids = Array.from({ length: 1 + Math.floor(Math.random() * 20) }, () => randomBytes(8).toString("hex"));
    for (const id of ids) ledger.sent.add(id);
    try {
      await keep(ids);
    } catch {
      return;
    }
    for (const id of ids) ledger.acknowledged.add(id);
  }
}

async function stored(call: Client["call"]) {
  while ((await call("GET /api/v1/system")).spool.pendingRows > 0)
    await new Promise((resolve) => setTimeout(resolve, 100));
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await call("GET /api/v1/spans", { query: { from: FROM, limit: 200, cursor } });
    ids.push(...page.items.map((item) => item.spanId));
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return ids;
}

test(`every acknowledged span is stored exactly once after kill -9 at ${KILLS} random moments`, async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), "treadle-kill-"));
  const ledger: Ledger = { sent: new Set(), acknowledged: new Set() };
  const env = { TREADLE_BOOTSTRAP_KEY: `tr_${randomBytes(20).toString("hex")}`, TREADLE_SAMPLE_DATA: "false" };
  const open = async () => {
    const treadle = await startTreadle({ dataFolder, env });
    return { treadle, client: createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }) };
  };
  for (let kill = 0; kill < KILLS; kill++) {
    const { treadle, client } = await open();
    const keeps = [keepOverApi(client), keepOverOtlp(treadle)] as const;
    const clients = Array.from({ length: CLIENTS }, (_, place) => send(keeps[place % 2] ?? keeps[0], ledger));
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 400));
    await treadle.stop("SIGKILL");
    await Promise.all(clients);
  }
  const { treadle, client } = await open();
  const ids = await stored(client.call);
  await treadle.stop();
  await rm(dataFolder, { recursive: true, force: true });

  expect(ledger.acknowledged.size).toBeGreaterThan(KILLS);
  expect(new Set(ids).size).toBe(ids.length);
  const present = new Set(ids);
  expect([...ledger.acknowledged].filter((id) => !present.has(id))).toEqual([]);
  expect(ids.filter((id) => !ledger.sent.has(id))).toEqual([]);
}, 600_000);
