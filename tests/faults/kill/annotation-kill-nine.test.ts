import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import type { Client } from "../../../packages/sdk/src/index.ts";
import { openKillable } from "./killable.ts";

const ITEMS = 300;
const PEOPLE = 6;
const KILLS = 3;
const BETWEEN = 25;

type Acknowledged = { readonly answerId: string; readonly itemId: string; readonly good: boolean };
type Call = Client["call"];

/** Answers items until the server is gone. Records only answers that the server acknowledged. */
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
  const server = await openKillable();
  const callOf = (apiKey: string): Call => server.client(apiKey).call;
  try {
    const { queueId } = await callOf(server.apiKey)("POST /api/v1/annotation-queues", {
      body: { name: "Killed", overlap: 2, questions: [{ type: "binary", key: "good", title: "Good?" }] },
    });
    await callOf(server.apiKey)("POST /api/v1/annotation-queues/:queueId/items", {
      params: { queueId },
      body: {
        from: "custom",
        items: Array.from({ length: ITEMS }, (_, at) => ({
          key: `item-${at}`,
          content: { fields: [{ key: "output", value: `Answer ${at}` }] },
        })),
      },
    });
    const keys: string[] = [];
    for (let at = 0; at < PEOPLE; at++)
      keys.push(
        (
          await callOf(server.apiKey)("POST /api/v1/api-keys", {
            body: { name: `person ${at}`, permissions: ["annotation:read", "annotation:write"] },
          })
        ).key,
      );
    const acknowledged: Acknowledged[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      const wanted = acknowledged.length + BETWEEN;
      const working = Promise.all(keys.map((key) => work(callOf(key), queueId, acknowledged)));
      await expect.poll(() => acknowledged.length, { timeout: 60_000, interval: 5 }).toBeGreaterThan(wanted);
      await server.kill();
      await working;
      await server.start();
    }
    const call = callOf(server.apiKey);
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
    const answeredCount = items.reduce((sum, item) => sum + item.answered, 0);
    // One more answer for each person and kill may be stored, whose acknowledgement was lost in the kill.
    expect(answeredCount).toBeGreaterThanOrEqual(acknowledged.length);
    expect(answeredCount).toBeLessThanOrEqual(acknowledged.length + PEOPLE * KILLS);
  } finally {
    await server.close();
  }
}, 240_000);
