import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Client } from "../../../packages/sdk/src/index.ts";
import { type Killable, openKillable } from "./killable.ts";

const LAST_MS = 1_100;

let server: Killable;
beforeAll(async () => {
  server = await openKillable();
});
afterAll(() => server?.close());

/** Reads all items, and returns whether each is whole and in its position. */
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
  let client = server.client();
  const { datasetId } = await client.call("POST /api/v1/datasets", { body: { name: "killed" } });
  const counts = { items: 0, versions: 0 };
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
        counts.items = sent;
        await client.call("POST /api/v1/datasets/:datasetId/draft/commit", {
          params: { datasetId },
          body: { message: "More" },
        });
        counts.versions += 1;
      }
    })().catch((error: unknown) => {
      refused = error;
    });
    await delay(waitMs);
    // On a busy machine a response may take longer than every wait. So the last kill waits for one.
    for (const before = counts.versions; waitMs === LAST_MS && counts.versions === before && !refused; )
      await delay(20);
    expect(refused).toBeNull();
    await server.kill();
    isDead = true;
    await work;
    await server.start();
    client = server.client();

    const draft = await readAll(client, datasetId, "draft");
    expect(draft.ids.size).toBe(draft.total);
    expect(draft.total % 300).toBe(0);
    for (let at = 0; at < counts.items; at++) expect(draft.ids.has(`i${at}`)).toBe(true);
    const { items: versions } = await client.call("GET /api/v1/datasets/:datasetId/versions", {
      params: { datasetId },
    });
    expect(versions.length).toBeGreaterThanOrEqual(counts.versions);
    for (const { version, rows } of versions) {
      const whole = await readAll(client, datasetId, String(version));
      expect(whole).toMatchObject({ total: rows });
      expect(whole.ids.size).toBe(rows);
    }
    // Requests without a response may be stored or not. Sending them again would leave the next commit without changes.
    sent = draft.total;
    counts.items = draft.total;
    counts.versions = versions.length;
    const state = await client.call("GET /api/v1/datasets/:datasetId/draft", { params: { datasetId } });
    if (state.isDirty)
      await client.call("POST /api/v1/datasets/:datasetId/draft/commit", {
        params: { datasetId },
        body: { message: "After the crash" },
      });
  }
  expect(counts.versions).toBeGreaterThan(0);
}, 240_000);
