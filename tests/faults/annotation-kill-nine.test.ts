import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Client, createClient } from "../../packages/sdk/src/index.ts";
import { startTreadle } from "../setup/start-treadle.ts";

const ITEMS = 300;
const PEOPLE = 6;
const KILLS = 3;
const BETWEEN = 25;

type Acknowledged = { readonly answerId: string; readonly itemId: string; readonly good: boolean };
type Call = Client["call"];

/** Answers until the server is gone. What was acknowledged is remembered, and only that. */
async function work(call: Call, queueId: string, acknowledged: Acknowledged[]): Promise<void> {
  for (let at = 0; ; at++) {
    try {
      const { items } = await call("POST /api/v1/annotation-queues/:queueId/next", { params: { queueId }, body: {} });
      const [item] = items;
      if (!item) return;
      const good = at % 3 !== 0;
      const { answer } = await call("POST /api/v1/annotation-leases/:leaseId/answers", {
        params: { leaseId: item.leaseId },
        body: { clientId: randomUUID(), status: "submitted", answers: { good }, msActive: 5 },
      });
      acknowledged.push({ answerId: answer.answerId, itemId: item.itemId, good });
    } catch {
      return;
    }
  }
}

async function readAll(call: Call, queueId: string) {
  const items = [];
  for (let cursor: string | undefined; ; ) {
    const page = await call("GET /api/v1/annotation-queues/:queueId/items", {
      params: { queueId },
      query: { limit: 200, ...(cursor !== undefined && { cursor }) },
    });
    items.push(...page.items);
    if (page.nextCursor === null) return items;
    cursor = page.nextCursor;
  }
}

test("kill -9 while people annotate: each acknowledged answer is there, once, and no item has more than wanted", async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), "treadle-annotation-kill-"));
  const env = { TREADLE_BOOTSTRAP_KEY: `tr_${randomBytes(20).toString("hex")}`, TREADLE_SAMPLE_DATA: "false" };
  const open = () => startTreadle({ dataFolder, env });
  let treadle = await open();
  const callOf = (apiKey: string): Call => createClient({ baseUrl: treadle.url, apiKey }).call;
  try {
    const { queueId } = await callOf(treadle.apiKey)("POST /api/v1/annotation-queues", {
      body: { name: "Killed", overlap: 2, questions: [{ type: "binary", key: "good", title: "Good?" }] },
    });
    await callOf(treadle.apiKey)("POST /api/v1/annotation-queues/:queueId/items", {
      params: { queueId },
      body: {
        from: "custom",
        items: Array.from({ length: ITEMS }, (_, at) => ({
          ...{ key: `item-${at}`, content: { fields: [{ key: "output", value: `Answer ${at}` }] } },
        })),
      },
    });
    const keys: string[] = [];
    for (let at = 0; at < PEOPLE; at++)
      keys.push(
        (
          await callOf(treadle.apiKey)("POST /api/v1/api-keys", {
            body: { name: `person ${at}`, permissions: ["annotation:read", "annotation:write"] },
          })
        ).key,
      );
    const acknowledged: Acknowledged[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      const wanted = acknowledged.length + BETWEEN;
      const working = Promise.all(keys.map((key) => work(callOf(key), queueId, acknowledged)));
      await expect.poll(() => acknowledged.length, { timeout: 60_000, interval: 5 }).toBeGreaterThan(wanted);
      await treadle.stop("SIGKILL");
      await working;
      treadle = await open();
    }
    const call = callOf(treadle.apiKey);
    const items = await readAll(call, queueId);
    expect(items).toHaveLength(ITEMS);
    for (const { answered, held } of items) expect(answered + held).toBeLessThanOrEqual(2);
    const byItem = Map.groupBy(acknowledged, ({ itemId }) => itemId);
    for (const [itemId, own] of byItem) {
      const { answers } = await call("GET /api/v1/annotation-items/:itemId", { params: { itemId } });
      for (const { answerId, good } of own)
        expect(answers.filter((answer) => answer.answerId === answerId)).toMatchObject([
          { isCurrent: true, answers: { good } },
        ]);
    }
    const answered = items.reduce((sum, item) => sum + item.answered, 0);
    // What was kept just before the kill without anybody hearing of it may be there too: at most one for each person and kill.
    expect(answered).toBeGreaterThanOrEqual(acknowledged.length);
    expect(answered).toBeLessThanOrEqual(acknowledged.length + PEOPLE * KILLS);
  } finally {
    await treadle.stop();
    await rm(dataFolder, { recursive: true, force: true });
  }
}, 240_000);
