import type { Backlog } from "./backlog.ts";
import type { Damage } from "./damage.ts";
import type { Delivery } from "./delivery.ts";
import type { DiskGuard } from "./disk-guard.ts";
import type { Drain } from "./drain.ts";
import type { Intake } from "./intake.ts";
import type { SpoolStatus } from "./port.ts";
import type { Refused } from "./refused.ts";

type Parts = {
  readonly delivery: Delivery;
  readonly backlog: Backlog;
  readonly drain: Drain;
  readonly disk: DiskGuard;
  readonly intake: Intake;
  readonly refused: Refused;
  readonly damage: Damage;
  readonly capBytes: number;
};

/** The state in figures and in a sentence. */
export function describeSpool(parts: Parts): SpoolStatus {
  const { delivery, backlog, intake, refused, damage, capBytes } = parts;
  const problem = describeProblem(parts);
  const oldestMs = backlog.oldestMs();
  return {
    state: problem === null ? "ok" : "degraded",
    message: problem ?? "",
    pendingRows: delivery.pendingRows(),
    pendingBytes: delivery.pendingBytes(),
    capBytes,
    oldestPendingSeconds: oldestMs === null ? null : oldestMs / 1_000,
    droppedRows: intake.droppedRows(),
    undeliverableRows: refused.rows(),
    keptRows: intake.kept.rows,
    keptBytes: intake.kept.bytes,
    deliveredRows: delivery.deliveredRows(),
    damagedPlaces: damage.count(),
  };
}

function describeProblem({ disk, intake, drain }: Parts): string | null {
  const failure = drain.failure();
  if (disk.problem()) return `${disk.problem()} New rows are refused; free some space and it recovers by itself.`;
  if (intake.isAtCap()) return "The spool is at its cap: new rows are refused until the columnar store takes some.";
  if (failure)
    return `The columnar store has taken no rows for ${failure.seconds} s; they wait on disk. It said: ${failure.message}`;
  return null;
}
