import type { RolloutEvidence, RolloutFinding, RolloutPoint } from "@treadle/contract";
import { createHistoryStore } from "../stores/history-store.ts";
import type { RolloutRow } from "../stores/rollout-store.ts";
import type { RolloutDeps } from "./deps.ts";

const LEAST_BETWEEN_MS = 30_000;
/** A rollout of any age has a few hundred points. */
const POINTS_PER_AGE = 200;

/** The evidence over time. */
export function createPoints({ db, clock }: Pick<RolloutDeps, "db" | "clock">) {
  const history = createHistoryStore(db);

  /** Stores a point if the last one is long enough ago, or something has happened. */
  return async function addPoint(
    row: RolloutRow,
    { at, ...evidence }: RolloutEvidence,
    isEvent: boolean,
  ): Promise<void> {
    const last = await history.findLastPoint(row.projectId, row.id);
    const age = clock.now() - (row.startedAt?.getTime() ?? clock.now());
    const wait = Math.max(LEAST_BETWEEN_MS, age / POINTS_PER_AGE);
    if (!isEvent && last && clock.now() - last.getTime() < wait) return;
    const metrics = evidence.metrics.map(toPoint);
    const { stage, share, units } = evidence;
    await history.addPoint({ rolloutId: row.id, at: new Date(at), stage, share, units, metrics });
  };
}

const toPoint = (finding: RolloutFinding): RolloutPoint["metrics"][number] => ({
  key: finding.key,
  values: finding.values,
  evidence: finding.evidence,
  line: finding.line,
  harm: finding.harm,
  lowerBound: finding.lowerBound,
  upperBound: finding.upperBound,
});
