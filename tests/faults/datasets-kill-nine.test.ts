import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Client, createClient } from "../../packages/sdk/src/index.ts";
import { type RunningTreadle, startTreadle } from "../setup/start-treadle.ts";

const KEY = `tr_${"d".repeat(48)}`;
const LAST_MS = 1_100;
let folder: string;
let treadle: RunningTreadle | null = null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "treadle-datasets-kill-"));
});
afterEach(async () => {
  await treadle?.stop();
  treadle = null;
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<Client> {
  treadle = await startTreadle({
    dataFolder: folder,
    env: { TREADLE_SAMPLE_DATA: "false", TREADLE_BOOTSTRAP_KEY: KEY },
  });
  return createClient({ baseUrl: treadle.url, apiKey: KEY });
}

/** Reads all items, and says whether each stands where it should and is whole. */
async function readAll(client: Client, datasetId: string, at: string) {
  const ids: string[] = [];
  let cursor: string | undefined;
  let total = 0;
  do {
    const page = await client.call("GET /api/v1/datasets/:datasetId/items", {
      params: { datasetId },
      query: { at, limit: 200, ...(cursor !== undefined && { cursor }) },
    });
    ids.push(...page.items.map(({ itemId }) => itemId));
    total = page.total;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return { ids: new Set(ids), total };
}

test("after each kill -9 while items are added and committed, what was answered is there and nothing is half", async () => {
  let client = await start();
  const { datasetId } = await client.call("POST /api/v1/datasets", { body: { name: "killed" } });
  const answered = { items: 0, versions: 0 };
  let sent = 0;
  for (const waitMs of [150, 400, 700, LAST_MS]) {
    let isDead = false;
    let refused: unknown = null;
    const work = (async () => {
      while (!isDead) {
        const items = Array.from({ length: 300 }, (_, at) => ({
          itemId: `i${sent + at}`,
          inputs: { text: `Item ${sent + at}` },
        }));
        sent += items.length;
        await client.call("POST /api/v1/datasets/:datasetId/items", { params: { datasetId }, body: { items } });
        answered.items = sent;
        await client.call("POST /api/v1/datasets/:datasetId/draft/commit", {
          params: { datasetId },
          body: { message: "More" },
        });
        answered.versions += 1;
      }
    })().catch((error: unknown) => {
      refused = error;
    });
    await delay(waitMs);
    // On a busy machine an answer may take longer than any of the waits; the last kill comes after one.
    for (const before = answered.versions; waitMs === LAST_MS && answered.versions === before && !refused; )
      await delay(20);
    expect(refused).toBeNull();
    const dead = treadle;
    treadle = null;
    await dead?.stop("SIGKILL");
    isDead = true;
    await work;
    client = await start();

    const draft = await readAll(client, datasetId, "draft");
    expect(draft.ids.size).toBe(draft.total);
    expect(draft.total % 300).toBe(0);
    for (let at = 0; at < answered.items; at++) expect(draft.ids.has(`i${at}`)).toBe(true);
    const { items: versions } = await client.call("GET /api/v1/datasets/:datasetId/versions", {
      params: { datasetId },
    });
    expect(versions.length).toBeGreaterThanOrEqual(answered.versions);
    for (const { number, rows } of versions) {
      const whole = await readAll(client, datasetId, String(number));
      expect(whole).toMatchObject({ total: rows });
      expect(whole.ids.size).toBe(rows);
    }
    // What was sent and not answered may be there or not. Sending it anew would leave the next commit nothing to do.
    sent = draft.total;
    answered.items = draft.total;
    answered.versions = versions.length;
    const state = await client.call("GET /api/v1/datasets/:datasetId/draft", { params: { datasetId } });
    if (state.isDirty)
      await client.call("POST /api/v1/datasets/:datasetId/draft/commit", {
        params: { datasetId },
        body: { message: "After the crash" },
      });
  }
  expect(answered.versions).toBeGreaterThan(0);
}, 240_000);
