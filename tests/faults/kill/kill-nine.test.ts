import { randomBytes } from "node:crypto";
import type { SpanInput } from "@treadle/contract";
import { expect, test } from "vitest";
import type { Client } from "../../../packages/sdk/src/index.ts";
import { jsonSpan, jsonTraces } from "../../../packages/server/src/modules/observe/traces/otlp/testing/otlp-json.ts";
import { tracesToProtobuf } from "../../../packages/server/src/modules/observe/traces/otlp/testing/to-protobuf.ts";
import { countKills, openKillable } from "./killable.ts";

const KILLS = countKills(10);
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

/** Sends spans as OpenTelemetry's exporters do. Throws unless all were accepted. */
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

/** Sends batches until the server is gone. Adds batches that were answered with a 2xx status to the ledger. */
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
  const server = await openKillable();
  const ledger: Ledger = { sent: new Set(), acknowledged: new Set() };
  for (let kill = 0; kill < KILLS; kill++) {
    const keeps = [keepOverApi(server.client()), keepOverOtlp(server)] as const;
    const clients = Array.from({ length: CLIENTS }, (_, place) => send(keeps[place % 2] ?? keeps[0], ledger));
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 400));
    await server.kill();
    await Promise.all(clients);
    await server.start();
  }
  const ids = await stored(server.client().call);
  await server.close();

  expect(ledger.acknowledged.size).toBeGreaterThan(KILLS);
  expect(new Set(ids).size).toBe(ids.length);
  const present = new Set(ids);
  expect([...ledger.acknowledged].filter((id) => !present.has(id))).toEqual([]);
  expect(ids.filter((id) => !ledger.sent.has(id))).toEqual([]);
}, 600_000);
