import type { RolloutGuardrail } from "@treadle/contract";
import { hashUnitSql } from "../../../build/gateway/index.ts";
import { scoresOf } from "../../../observe/traces/index.ts";
import { createPastStore, hasPast, type PastUnits, type UnitPast } from "../stores/past-store.ts";
import type { RolloutRow } from "../stores/rollout-store.ts";
import type { RolloutDeps } from "./deps.ts";

/** After a failure the arms are compared without the past for this long. */
const RETRY_MS = 600_000;
/** Rollouts whose counts are remembered. */
const MOST_KNOWN = 1_000;
const SCORES = scoresOf({ where: "name = {score:String}" });
const NO_PAST: PastUnits = new Map();

/** Finds out which units of a rollout have a past, and stores it at the first look. */
export function createPasts({ columnar, clock, log }: Pick<RolloutDeps, "columnar" | "clock" | "log">) {
  const store = createPastStore(columnar);
  const known = new Map<string, PastUnits>();
  const retries = new Map<string, number>();

  /** Empty for units that begin with the rollout. The comparison does without the past if it cannot be read. */
  return async function readPast(row: RolloutRow, guardrails: readonly RolloutGuardrail[]): Promise<PastUnits> {
    const past = pastOf(row);
    if (!past || clock.now() < (retries.get(row.id) ?? 0)) return NO_PAST;
    try {
      const units = known.get(row.id) ?? (await readOrFill(store, past, guardrails));
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(row.id, units);
      return units;
    } catch (error) {
      log.warn({ error, rolloutId: row.id }, "the past of a rollout's units was not read");
      retries.set(row.id, clock.now() + RETRY_MS);
      return NO_PAST;
    }
  };
}

async function readOrFill(
  store: ReturnType<typeof createPastStore>,
  past: UnitPast,
  guardrails: readonly RolloutGuardrail[],
): Promise<PastUnits> {
  const stored = await store.count(past);
  if (stored) return stored;
  await store.fill(past, { guardrails, table: SCORES, hash: hashUnitSql });
  return (await store.count(past)) ?? NO_PAST;
}

function pastOf({ id: rolloutId, projectId, endpoint, plan, startedAt }: RolloutRow): UnitPast | null {
  if (startedAt === null || !hasPast(plan.unit)) return null;
  return { projectId, rolloutId, endpoint, unit: plan.unit, startedAt: startedAt.getTime() };
}
