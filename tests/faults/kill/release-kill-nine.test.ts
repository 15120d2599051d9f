import { setTimeout as delay } from "node:timers/promises";
import { afterAll, expect, test, vi } from "vitest";
import type { Client } from "../../../packages/sdk/src/index.ts";
import { startScriptedProvider } from "../../setup/scripted-provider.ts";
import { countKills, openKillable } from "./killable.ts";

const CALLERS = 4;
const USERS = 40;
const KILLS = countKills(4);
const LONGEST_MS = 600;
/** The scripted provider reports 11 input tokens and 7 output tokens. */
const USD_PER_MILLION = 1_000;
const USD_PER_CALL = (11 + 7) * (USD_PER_MILLION / 1e6);
const BUDGET_USD = USD_PER_CALL * 100 * (KILLS + 1);
const ROUNDING_USD = 1e-6;
const TIMEOUT_MS = 120_000 + KILLS * 60_000;

const provider = await startScriptedProvider();
afterAll(() => provider.close());

type Verb = "pause" | "resume";
type Seen = {
  answered: number;
  refused: number;
  /** The variants that answered each user. */
  readonly variants: Map<string, Set<string>>;
};

/** Calls the endpoint as one user after another until the server is gone or the budget is spent. */
async function spend(server: { readonly url: string; readonly apiKey: string }, seen: Seen): Promise<void> {
  const { url, apiKey } = server;
  const body = JSON.stringify({ model: "busy", max_tokens: 7, messages: [{ role: "user", content: "Hello" }] });
  try {
    for (;;) {
      const user = `u${Math.floor(Math.random() * USERS)}`;
      const headers = {
        "content-type": "application/json",
        authorization: `Bearer ${apiKey}`,
        "x-treadle-user": user,
      };
      const response = await fetch(`${url}/v1/chat/completions`, { method: "POST", headers, body });
      await response.text();
      if (response.status === 429) {
        seen.refused += 1;
        return;
      }
      if (response.status !== 200) throw new Error(`the call ended with the status ${response.status}`);
      seen.answered += 1;
      const variants = seen.variants.get(user) ?? new Set();
      seen.variants.set(user, variants.add(response.headers.get("x-treadle-variant") ?? ""));
    }
  } catch (error) {
    // The server was killed. Anything else fails the test.
    if (!(error instanceof TypeError)) throw error;
  }
}

/** Pauses and resumes a rollout until the server is gone. Gives the acts that the server confirmed. */
async function decide({ call }: Client, rolloutId: string, first: Verb): Promise<Verb[]> {
  const confirmed: Verb[] = [];
  try {
    for (let verb = first; ; verb = verb === "pause" ? "resume" : "pause") {
      await call(`POST /api/v1/rollouts/:rolloutId/${verb}`, { params: { rolloutId } });
      confirmed.push(verb);
    }
  } catch {
    return confirmed;
  }
}

/** An endpoint with a rollout that is running, at half of the users. */
async function startRollout({ call }: Client, name: string): Promise<{ rolloutId: string; endpointId: string }> {
  const variants = [
    { name: "old", model: "scripted/echo-1", weight: 1 },
    { name: "new", model: "scripted/echo-1", weight: 0 },
  ];
  const { endpointId } = await call("POST /api/v1/endpoints", { body: { name, variants } });
  const stages = [{ share: 0.5, minUnits: 1_000_000, minMinutes: 1_000 }];
  const guardrails = [{ metric: { kind: "error" as const }, margin: 0.5 }];
  const body = { endpointId, candidate: "new", control: "old", stages, guardrails };
  const { rolloutId } = await call("POST /api/v1/rollouts", { body });
  await call("POST /api/v1/rollouts/:rolloutId/start", { params: { rolloutId } });
  return { rolloutId, endpointId };
}

/** The state of a rollout, its number of pauses and resumes, and the share that its endpoint has. */
async function readRollout({ call }: Client, { rolloutId, endpointId }: { rolloutId: string; endpointId: string }) {
  const { state, share } = await call("GET /api/v1/rollouts/:rolloutId", { params: { rolloutId } });
  const { rollout } = await call("GET /api/v1/endpoints/:endpointId", { params: { endpointId } });
  let acts = 0;
  let cursor: string | undefined;
  do {
    const query = { limit: 200, cursor };
    const page = await call("GET /api/v1/rollouts/:rolloutId/events", { params: { rolloutId }, query });
    acts += page.items.filter(({ kind }) => kind === "paused" || kind === "resumed").length;
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return { state, acts, share, endpointShare: rollout?.share };
}

test("kill -9 during rollouts and spending: no double charge, no lost state, no user changes sides", {
  timeout: TIMEOUT_MS,
}, async () => {
  const server = await openKillable();
  try {
    const { call } = server.client();
    const connection = { slug: "scripted", preset: "vllm" as const, baseUrl: provider.baseUrl, models: ["echo-1"] };
    await call("POST /api/v1/connections", { body: { ...connection, keys: [{ value: "sk-scripted" }] } });
    const price = { inputUsdPerMillion: USD_PER_MILLION, outputUsdPerMillion: USD_PER_MILLION };
    await call("POST /api/v1/model-prices", { body: { provider: "*", model: "echo-1", ...price } });
    const { limitId } = await call("POST /api/v1/limits", {
      body: { name: "Daily", measure: "cost", window: "day", amount: BUDGET_USD },
    });
    const busy = await startRollout(server.client(), "busy");
    const calm = await startRollout(server.client(), "calm");
    const seen: Seen = { answered: 0, refused: 0, variants: new Map() };
    let acts = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const before = seen.answered + seen.refused;
      const spending = Promise.all(Array.from({ length: CALLERS }, () => spend(server, seen)));
      const deciding = decide(server.client(), calm.rolloutId, acts % 2 === 0 ? "pause" : "resume");
      await expect.poll(() => seen.answered + seen.refused, { timeout: 60_000, interval: 5 }).toBeGreaterThan(before);
      await delay(Math.random() * LONGEST_MS);
      await server.kill();
      await spending;
      const confirmed = await deciding;
      await server.start();

      const running = await readRollout(server.client(), busy);
      expect(running).toEqual({ state: "running", acts: 0, share: 0.5, endpointShare: 0.5 });
      const decided = await readRollout(server.client(), calm);
      // The act at the moment of the kill was stored or not; each confirmed act was.
      expect(decided.acts - acts - confirmed.length).toBeOneOf([0, 1]);
      acts = decided.acts;
      const isPaused = acts % 2 === 1;
      expect(decided).toMatchObject({ state: isPaused ? "paused" : "running", share: isPaused ? 0 : 0.5 });
      expect(decided.endpointShare).toBe(decided.share);
    }
    await Promise.all(Array.from({ length: CALLERS }, () => spend(server, seen)));
    expect(seen.refused).toBeGreaterThanOrEqual(CALLERS);

    const inFlight = CALLERS * KILLS;
    const { usage } = await server.client().call("GET /api/v1/limits/:limitId", { params: { limitId } });
    expect(usage[0]?.used).toBeGreaterThanOrEqual((seen.answered - inFlight) * USD_PER_CALL - ROUNDING_USD);
    // The ledger gets its entries in batches. A kill loses those of the last moment, and must repeat none.
    const { total } = await vi.waitFor(
      async () => {
        const report = await server.client().call("GET /api/v1/spend");
        expect(report.total.requests).toBeGreaterThan(seen.answered / 2);
        return report;
      },
      { timeout: 30_000, interval: 250 },
    );
    expect(total.requests).toBeLessThanOrEqual(provider.seen.length);
    expect(total.costUsd).toBeCloseTo(total.requests * USD_PER_CALL, 6);
    expect(provider.seen.length * USD_PER_CALL).toBeLessThanOrEqual(BUDGET_USD + (inFlight + CALLERS) * USD_PER_CALL);
    expect(seen.variants.size).toBeGreaterThan(USERS / 2);
    for (const [user, variants] of seen.variants) expect([user, ...variants]).toHaveLength(2);
    expect(new Set([...seen.variants.values()].flatMap((variants) => [...variants]))).toEqual(new Set(["old", "new"]));
  } finally {
    await server.close();
  }
});
