import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@treadle/sdk";
import { expect, test } from "vitest";
import { startTreadle } from "../setup/start-treadle.ts";

const ROUNDS = 3;

test("kill -9 right after a 2xx keeps the feedback, once, whether it is sent again or not", {
  timeout: 240_000,
}, async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), "treadle-feedback-kill-"));
  const env = { TREADLE_BOOTSTRAP_KEY: `tr_${randomBytes(20).toString("hex")}`, TREADLE_SAMPLE_DATA: "false" };
  const open = () => startTreadle({ dataFolder, env });
  let treadle = await open();
  const client = () => createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey });
  const kept: string[] = [];
  const feedback = (idempotencyKey: string, comment = "kept") => ({
    target: { traceId: "0af7651916cd43dd8448eb211c80319c" },
    ...{ name: "helpful", value: true, comment, idempotencyKey },
  });
  try {
    for (let round = 0; round < ROUNDS; round++) {
      await Promise.all(
        Array.from({ length: 40 }, async (_, at) => {
          const key = `${round} ${at}`;
          // The last of them race with the kill: only what was answered is promised.
          const given = await client()
            .call("POST /api/v1/feedback", { body: feedback(key) })
            .catch(() => null);
          if (given) kept.push(key);
          if (kept.length === round * 40 + 25) await treadle.stop("SIGKILL");
        }),
      );
      await treadle.stop("SIGKILL").catch(() => undefined);
      treadle = await open();
      const [again = ""] = kept.slice(-1);
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
    expect(ids.size).toBeGreaterThanOrEqual(kept.length);
    expect(ids.size).toBeLessThanOrEqual(ROUNDS * 40);
  } finally {
    await treadle.stop("SIGKILL").catch(() => undefined);
    await rm(dataFolder, { recursive: true, force: true });
  }
});
