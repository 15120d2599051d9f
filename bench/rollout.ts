// How long one evaluation of a rollout of a million requests takes: errors, latency, cost and a score of 200,000 users.
// Usage: node bench/rollout.ts [--requests 1000000] [--users 200000]
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  createWorld,
  type RolloutWorld,
} from "../packages/server/src/modules/release/rollouts/testing/rollout-world.ts";
import { openColumnar } from "../packages/server/src/platform/columnar/open.ts";
import { openTestPostgres } from "../packages/server/src/platform/postgres/testing/open-test-postgres.ts";

const BATCH = 20_000;
const LOOKS = 5;
const GOAL_MS = 1_000;
const SCORE = { kind: "score", name: "helpful", maturityMinutes: 0 } as const;
const { values } = parseArgs({
  options: { requests: { type: "string", default: "1000000" }, users: { type: "string", default: "200000" } },
});
const [requests, users] = [Number(values.requests), Number(values.users)];

const folder = await mkdtemp(join(tmpdir(), "treadle-bench-rollout-"));
const postgres = await openTestPostgres();
const columnar = await openColumnar({ folder });
const built = [
  { metric: { kind: "error" }, margin: 0.02 },
  { metric: { kind: "latency", budgetMs: 2_000 }, margin: 0.05 },
  { metric: { kind: "cost" }, margin: 0.1 },
];

/** Users in turn, so that each has several requests. */
async function fill(world: RolloutWorld, hasScores: boolean): Promise<void> {
  for (let from = 0; from < requests; from += BATCH) {
    const calls = await world.send(
      { users: Math.min(BATCH, requests - from), from: from % users },
      (_variant, place) =>
        place % 50 === 0
          ? { status: "error" as const }
          : { durationMs: 400 + (place % 997), costUsd: 0.001 + (place % 13) / 10_000 },
    );
    if (hasScores) await world.score(calls, (_call, place) => (place % 7) / 6);
  }
}

async function measure(name: string, guardrails: readonly object[]): Promise<number> {
  const world = await createWorld({ db: postgres.db, columnar });
  const stages = [{ share: 0.2, minUnits: 10_000_000, minMinutes: 10_000 }];
  const { rolloutId } = await world.start({ unit: "user", stages, guardrails });
  await fill(world, guardrails.length > built.length);
  const times: number[] = [];
  for (let look = 0; look < LOOKS; look++) {
    world.move(1_000);
    const start = performance.now();
    await world.evaluate();
    times.push(performance.now() - start);
  }
  const { evidence, state } = await world.read(rolloutId);
  const median = times.sort((a, b) => a - b)[Math.floor(LOOKS / 2)] ?? Number.NaN;
  const seen = `${evidence?.requests.candidate} + ${evidence?.requests.control} requests`;
  console.log(`${name}: ${median.toFixed(0)} ms (${times.map((ms) => ms.toFixed(0)).join(", ")}), ${state}, ${seen}`);
  return median;
}

try {
  const median = await measure("errors, latency and cost", built);
  console.log(`goal < ${GOAL_MS} ms ${median < GOAL_MS ? "met" : "MISSED"}`);
  await measure("the same with a score of each request", [
    ...built,
    { metric: SCORE, direction: "higher", margin: 0.05 },
  ]);
  process.exitCode = median < GOAL_MS ? 0 : 1;
} finally {
  await Promise.all([postgres.close(), columnar.close()]);
  await rm(folder, { recursive: true, force: true });
}
