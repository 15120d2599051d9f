import { afterAll, expect, test } from "vitest";
import { startScriptedProvider } from "../../setup/scripted-provider.ts";
import { openKillable } from "./killable.ts";

const CALLERS = 4;
const KILLS = 3;
const BETWEEN = 40;
const AMOUNT = 400;

const provider = await startScriptedProvider();
afterAll(() => provider.close());

type Counts = { answered: number; refused: number };

/** Calls the model until the server is gone or the limit is reached. */
async function work(url: string, apiKey: string, counts: Counts): Promise<void> {
  const headers = { "content-type": "application/json", authorization: `Bearer ${apiKey}` };
  const body = JSON.stringify({ model: "scripted/echo-1", messages: [{ role: "user", content: "Hello" }] });
  try {
    for (;;) {
      const response = await fetch(`${url}/v1/chat/completions`, { method: "POST", headers, body });
      await response.text();
      if (response.status === 429) {
        counts.refused += 1;
        return;
      }
      if (response.status === 200) counts.answered += 1;
    }
  } catch {
    // The server was killed.
  }
}

test("kill -9 while calls run: a limit is exceeded by no more than the calls that were running", async () => {
  const server = await openKillable();
  try {
    const { call } = server.client();
    const keys = [{ value: "sk-scripted" }];
    await call("POST /api/v1/connections", {
      body: { slug: "scripted", preset: "vllm", baseUrl: provider.baseUrl, models: ["echo-1"], keys },
    });
    const { limitId } = await call("POST /api/v1/limits", {
      body: { name: "Daily", measure: "requests", window: "day", amount: AMOUNT },
    });
    const counts: Counts = { answered: 0, refused: 0 };
    const start = () => Promise.all(Array.from({ length: CALLERS }, () => work(server.url, server.apiKey, counts)));
    for (let kill = 0; kill < KILLS; kill++) {
      const wanted = counts.answered + BETWEEN;
      const working = start();
      await expect.poll(() => counts.answered, { timeout: 60_000, interval: 5 }).toBeGreaterThan(wanted);
      await server.kill();
      await working;
      await server.start();
      const { usage } = await server.client().call("GET /api/v1/limits/:limitId", { params: { limitId } });
      expect(usage[0]?.used).toBeGreaterThanOrEqual(counts.answered - CALLERS * (kill + 1));
    }
    await start();
    expect(counts.refused).toBe(CALLERS);
    expect(counts.answered).toBeLessThanOrEqual(AMOUNT + CALLERS * KILLS);
    expect(counts.answered).toBeGreaterThanOrEqual(AMOUNT - CALLERS * KILLS);
  } finally {
    await server.close();
  }
});
