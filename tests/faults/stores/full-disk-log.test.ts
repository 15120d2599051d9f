import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { SpanInput } from "@treadle/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { mountSmallDisk } from "../../setup/small-disk.ts";
import { type RunningTreadle, startTreadle } from "../../setup/start-treadle.ts";

const disk = mountSmallDisk(420);
const ANSWER_MS = 20_000;

describe.runIf(disk.isMounted)("a full disk that also holds the log", () => {
  let treadle: RunningTreadle;
  let call: Client["call"];

  beforeAll(async () => {
    treadle = await startTreadle({
      dataFolder: join(disk.path, "data"),
      logFile: join(disk.path, "server.log"),
      env: { TREADLE_SAMPLE_DATA: "false", TREADLE_LOG_LEVEL: "debug" },
    });
    ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
  });
  afterAll(async () => {
    disk.free();
    await treadle?.stop("SIGKILL");
    disk.remove();
  });

  const read = async (path: string) => {
    const response = await fetch(`${treadle.url}${path}`, { signal: AbortSignal.timeout(ANSWER_MS) });
    return { status: response.status, text: await response.text() };
  };
  const span = (): SpanInput => ({
    traceId: randomBytes(16).toString("hex"),
    spanId: randomBytes(8).toString("hex"),
    name: "full-disk-log",
    startTime: new Date().toISOString(),
    durationMs: 1,
    input: randomBytes(2_000).toString("base64"),
    output: null,
  });
  /** The error code, or null when the spans were acknowledged. */
  const send = () =>
    call("POST /api/v1/spans", { body: { spans: Array.from({ length: 20 }, span) } }).then(
      () => null,
      (error: { code: string }) => error.code,
    );
  const droppedLines = async () =>
    Number(/^treadle_log_dropped_lines (\d+)$/m.exec((await read("/metrics")).text)?.[1]);

  test("every route still answers, and lines that cannot be written are counted", async () => {
    expect(await send()).toBeNull();
    expect(await droppedLines()).toBe(0);
    disk.fill();
    let refusals = 0;
    for (let tries = 0; tries < 200 && refusals < 20; tries++) if ((await send()) !== null) refusals++;
    expect(refusals).toBe(20);
    for (let round = 0; round < 5; round++) {
      expect(await read("/healthz")).toMatchObject({ status: 200 });
      await expect(call("GET /api/v1/spans")).resolves.toMatchObject({ items: expect.any(Array) });
      await delay(500);
    }
    expect(await droppedLines()).toBeGreaterThan(0);
  });

  test("it is not ready while the disk is full, and says what to do", async () => {
    const { status, text } = await read("/readyz");
    expect(status).toBe(503);
    expect(JSON.parse(text).stores).toContainEqual({
      name: "disk",
      state: "full",
      message: expect.stringContaining("Free some disk space or enlarge the disk"),
    });
    expect(await read("/healthz")).toMatchObject({ status: 200 });
  });

  test("once there is space again it recovers without a restart, and the log tells how many lines it lacks", async () => {
    const dropped = await droppedLines();
    disk.free();
    let code: string | null = "insufficient_storage";
    for (let tries = 0; tries < 300 && code !== null; tries++) {
      await delay(100);
      code = await send();
    }
    expect(code).toBeNull();
    const reports = () => [...treadle.output().matchAll(/^\{.*"droppedLines":(\d+).*\}$/gm)];
    for (let tries = 0; tries < 100 && reports().length === 0; tries++) await delay(100);
    const reported = reports().reduce((sum, [, count]) => sum + Number(count), 0);
    expect(reported).toBeGreaterThanOrEqual(dropped);
    expect(reported).toBe(await droppedLines());
    await expect.poll(async () => (await read("/readyz")).status, { timeout: 20_000 }).toBe(200);
    await treadle.stop();
    expect(treadle.output()).toContain("Stopping:");
  });
});
