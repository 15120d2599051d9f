import type { Damage } from "./delivery/damage.ts";
import type { Delivery } from "./delivery/delivery.ts";
import type { Drain } from "./delivery/drain.ts";
import type { Refused } from "./delivery/refused.ts";
import type { DiskGuard } from "./intake/disk-guard.ts";
import type { Intake } from "./intake/intake.ts";
import type { SpoolStatus } from "./port.ts";
import type { Backlog } from "./segments/backlog.ts";

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
  if (disk.problem())
    return `${disk.problem()} New rows are rejected. Free some disk space; the server recovers by itself.`;
  if (intake.isAtCap()) return "The spool is full: new rows are rejected until the columnar store accepts some.";
  if (failure)
    return `The columnar store has accepted no rows for ${failure.seconds} s; they wait on disk. Its error: ${failure.message}`;
  return null;
}
