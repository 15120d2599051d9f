import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { createClient } from "../../packages/sdk/src/index.ts";
import { endOfSearch, furnishOptimisation } from "../setup/furnish-optimisation.ts";
import { startRewritingProvider } from "../setup/rewriting-provider.ts";
import { startTreadle } from "../setup/start-treadle.ts";

const KILLS = 4;
const IN_FLIGHT = 4;

test("kill -9 during a search for a prompt: it goes on to the same end, and pays nothing twice but what was under way", async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), "treadle-optimisation-kill-"));
  const provider = await startRewritingProvider({ waitMs: 15 });
  const env = { TREADLE_BOOTSTRAP_KEY: `tr_${randomBytes(20).toString("hex")}`, TREADLE_SAMPLE_DATA: "false" };
  const open = async () => {
    const treadle = await startTreadle({ dataFolder, env });
    return { treadle, client: createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }) };
  };
  let { treadle, client } = await open();
  try {
    const body = { ...(await furnishOptimisation(client, provider)), concurrency: IN_FLIGHT };
    const { optimisationId } = await client.call("POST /api/v1/optimisations", { body });
    for (let kill = 0; kill < KILLS; kill++) {
      // In the test of the first prompt, in the selection, and between rewrites.
      const until = provider.asked.length + 40;
      for (let tries = 0; provider.asked.length < until && tries < 400; tries++) await delay(10);
      expect(provider.asked.length).toBeGreaterThanOrEqual(until);
      await treadle.stop("SIGKILL");
      ({ treadle, client } = await open());
    }
    const killed = await endOfSearch(client, optimisationId);
    const asked = provider.asked.map((request) => JSON.stringify(request));
    expect(killed).toMatchObject({ status: "done", verdict: "better", savedVersion: 2 });
    expect(killed.candidates.length).toBeGreaterThan(2);
    expect(asked.length - new Set(asked).size).toBeLessThanOrEqual(KILLS * IN_FLIGHT);

    const whole = await endOfSearch(client, (await client.call("POST /api/v1/optimisations", { body })).optimisationId);
    const { spent, candidates, refused, curve, test: tested, answers, reflections } = whole;
    const timeless = (all: typeof candidates) => all.map(({ latencyMs, ...rest }) => rest);
    // The same accounting: what was asked for and did not come back is not counted, and nothing is counted twice.
    expect(killed.spent).toEqual({ ...spent, usd: expect.closeTo(spent.usd, 9) });
    expect(killed).toMatchObject({ refused, curve, test: tested, answers, reflections });
    expect(timeless(killed.candidates)).toEqual(timeless(candidates));
    // Both found the same text, which is one version.
    expect(whole.savedVersion).toBe(2);
  } finally {
    await treadle.stop();
    await provider.close();
    await rm(dataFolder, { recursive: true, force: true });
  }
}, 240_000);
