import { expect, test } from "vitest";
import { openKillable } from "./killable.ts";

const ROUNDS = 3;

test("kill -9 right after a 2xx retains the feedback, once, whether it is sent again or not", {
  timeout: 240_000,
}, async () => {
  const server = await openKillable();
  const client = () => server.client();
  const acknowledged: string[] = [];
  const feedback = (idempotencyKey: string, comment = "kept") => ({
    target: { traceId: "0af7651916cd43dd8448eb211c80319c" },
    name: "helpful",
    value: true,
    comment,
    idempotencyKey,
  });
  try {
    for (let round = 0; round < ROUNDS; round++) {
      await Promise.all(
        Array.from({ length: 40 }, async (_, at) => {
          const key = `${round} ${at}`;
          // The last requests race with the kill. Only acknowledged entries are guaranteed.
          const given = await client()
            .call("POST /api/v1/feedback", { body: feedback(key) })
            .catch(() => null);
          if (given) acknowledged.push(key);
          if (acknowledged.length === round * 40 + 25) await server.kill();
        }),
      );
      await server.restart();
      const [again = ""] = acknowledged.slice(-1);
      expect(await client().call("POST /api/v1/feedback", { body: feedback(again) })).toMatchObject({ isRepeat: true });
      await expect(
        client().call("POST /api/v1/feedback", { body: feedback(again, "other words") }),
      ).rejects.toMatchObject({
        status: 409,
      });
    }
    const ids = new Set<string>();
    let cursor: string | undefined;
    do {
      const page = await client().call("GET /api/v1/feedback", { query: { limit: 200, cursor } });
      for (const { feedbackId } of page.items) {
        expect(ids.has(feedbackId)).toBe(false);
        ids.add(feedbackId);
      }
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(ids.size).toBeGreaterThanOrEqual(acknowledged.length);
    expect(ids.size).toBeLessThanOrEqual(ROUNDS * 40);
  } finally {
    await server.close();
  }
});
