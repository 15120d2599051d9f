import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { SpanInput } from "@treadle/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { type ScriptedProvider, startScriptedProvider } from "../../setup/scripted-provider.ts";
import { mountSmallDisk } from "../../setup/small-disk.ts";
import { type RunningTreadle, startTreadle } from "../../setup/start-treadle.ts";

const disk = mountSmallDisk(400);

describe.runIf(disk.isMounted)("a disk that is full under all the stores", () => {
  let treadle: RunningTreadle;
  let provider: ScriptedProvider;
  let call: Client["call"];
  const acknowledged: string[] = [];

  beforeAll(async () => {
    provider = await startScriptedProvider();
    treadle = await startTreadle({ dataFolder: join(disk.path, "data"), env: { TREADLE_SAMPLE_DATA: "false" } });
    ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
    await call("POST /api/v1/connections", {
      body: { slug: "scripted", preset: "vllm", baseUrl: provider.baseUrl, keys: [{ value: "sk-x" }] },
    });
  });
  afterAll(async () => {
    await treadle?.stop();
    await provider?.close();
    disk.remove();
  });

  const span = (spanId: string): SpanInput => ({
    traceId: randomBytes(16).toString("hex"),
    spanId,
    name: "full-disk",
    startTime: new Date().toISOString(),
    durationMs: 1,
    input: randomBytes(2_000).toString("base64"),
    output: null,
  });
  /** The error code, or null when the spans were acknowledged. */
  async function send(): Promise<string | null> {
    const ids = Array.from({ length: 20 }, () => randomBytes(8).toString("hex"));
    const code = await call("POST /api/v1/spans", { body: { spans: ids.map(span) } }).then(
      () => null,
      (error: { code: string }) => error.code,
    );
    if (code === null) acknowledged.push(...ids);
    return code;
  }
  const chat = () =>
    call("POST /v1/chat/completions", {
      body: { model: "scripted/echo-1", messages: [{ role: "user", content: "still there?" }] },
    });
  const spool = async () => (await call("GET /api/v1/system")).stores.find((store) => store.name === "spool");

  test("new spans are rejected with a message, the gateway and reads continue, and the state is degraded", async () => {
    for (let batch = 0; batch < 20; batch++) expect(await send()).toBeNull();
    disk.fill();
    let code: string | null = null;
    for (let tries = 0; tries < 200 && code === null; tries++) code = await send();
    expect(code).toBe("insufficient_storage");
    await expect(chat()).resolves.toMatchObject({ choices: [{ message: { content: "You said: still there?" } }] });
    await expect(call("GET /api/v1/spans")).resolves.toMatchObject({ items: expect.any(Array) });
    let state = await spool();
    for (let tries = 0; tries < 50 && state?.state !== "degraded"; tries++) {
      await delay(100);
      state = await spool();
    }
    expect(state).toMatchObject({ state: "degraded", message: expect.stringMatching(/disk|space/i) });
  });

  test("once there is room again it recovers without a restart, and every acknowledged span is there once", async () => {
    disk.free();
    let code: string | null = "insufficient_storage";
    for (let tries = 0; tries < 300 && code !== null; tries++) {
      await delay(100);
      code = await send();
    }
    expect(code).toBeNull();
    for (let tries = 0; tries < 600 && (await call("GET /api/v1/system")).spool.pendingRows > 0; tries++)
      await delay(100);
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await call("GET /api/v1/spans", { query: { search: "full-disk", limit: 200, cursor } });
      ids.push(...page.items.map((item) => item.spanId));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(ids.toSorted()).toEqual(acknowledged.toSorted());
    await expect(call("POST /api/v1/api-keys", { body: { name: "after" } })).resolves.toMatchObject({ name: "after" });
    expect((await spool())?.state).toBe("ok");
  });
});
