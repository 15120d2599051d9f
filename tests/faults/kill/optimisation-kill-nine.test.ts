import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { endOfSearch, furnishOptimisation } from "../../setup/furnish-optimisation.ts";
import { startRewritingProvider } from "../../setup/rewriting-provider.ts";
import { openKillable } from "./killable.ts";

const KILLS = 4;
const IN_FLIGHT = 4;

test("kill -9 during a prompt optimisation: it ends with the same result, and pays nothing twice except active calls", async () => {
  const server = await openKillable();
  const provider = await startRewritingProvider({ waitMs: 15 });
  try {
    const body = { ...(await furnishOptimisation(server.client(), provider)), concurrency: IN_FLIGHT };
    const { optimisationId } = await server.client().call("POST /api/v1/optimisations", { body });
    for (let kill = 0; kill < KILLS; kill++) {
      // Kills during the test of the first prompt, during the selection, and between rewrites.
      const until = provider.asked.length + 40;
      for (let tries = 0; provider.asked.length < until && tries < 400; tries++) await delay(10);
      expect(provider.asked.length).toBeGreaterThanOrEqual(until);
      await server.restart();
    }
    const killed = await endOfSearch(server.client(), optimisationId);
    const asked = provider.asked.map((request) => JSON.stringify(request));
    expect(killed).toMatchObject({ status: "done", verdict: "better", savedVersion: 2 });
    expect(killed.candidates.length).toBeGreaterThan(2);
    expect(asked.length - new Set(asked).size).toBeLessThanOrEqual(KILLS * IN_FLIGHT);

    const whole = await endOfSearch(
      server.client(),
      (await server.client().call("POST /api/v1/optimisations", { body })).optimisationId,
    );
    const { spent, candidates, refused, curve, test: tested, answers, reflections } = whole;
    const timeless = (all: typeof candidates) => all.map(({ latencyMs, ...rest }) => rest);
    // The totals are the same: requests without a response are not counted, and nothing is counted twice.
    expect(killed.spent).toEqual({ ...spent, usd: expect.closeTo(spent.usd, 9) });
    expect(killed).toMatchObject({ refused, curve, test: tested, answers, reflections });
    expect(timeless(killed.candidates)).toEqual(timeless(candidates));
    // Both searches found the same text, so there is one new version.
    expect(whole.savedVersion).toBe(2);
  } finally {
    await server.close();
    await provider.close();
  }
}, 240_000);
