import type { Metrics } from "../metrics/port.ts";
import type { Spool, SpoolStatus } from "./port.ts";

const GAUGES = [
  [
    "treadle_spool_pending_rows",
    "Rows on disk that are not in the columnar store yet.",
    (status) => status.pendingRows,
  ],
  [
    "treadle_spool_pending_bytes",
    "Bytes on disk that are not in the columnar store yet.",
    (status) => status.pendingBytes,
  ],
  ["treadle_spool_cap_bytes", "Bytes that may wait before new rows are rejected.", (status) => status.capBytes],
  [
    "treadle_spool_lag_seconds",
    "How long the oldest row has been waiting.",
    (status) => status.oldestPendingSeconds ?? 0,
  ],
  ["treadle_spool_kept_rows", "Rows written to disk since the start.", (status) => status.keptRows],
  ["treadle_spool_kept_bytes", "Bytes written to disk since the start.", (status) => status.keptBytes],
  ["treadle_spool_delivered_rows", "Rows that have left the spool since the start.", (status) => status.deliveredRows],
  [
    "treadle_spool_dropped_rows",
    "Rows of completed calls that could not be stored since the start.",
    (status) => status.droppedRows,
  ],
  ["treadle_spool_undeliverable_rows", "Rows that the columnar store rejects.", (status) => status.undeliverableRows],
  ["treadle_spool_damaged_places", "Places in spool files that match no checksum.", (status) => status.damagedPlaces],
  [
    "treadle_spool_degraded",
    "1 while the spool cannot accept or deliver rows, else 0.",
    (status) => Number(status.state === "degraded"),
  ],
] as const satisfies readonly (readonly [name: string, help: string, read: (status: SpoolStatus) => number])[];

/** Puts the spool's figures on the metrics page. */
export function measureSpool(metrics: Metrics, spool: Pick<Spool, "status">): void {
  for (const [name, help, read] of GAUGES) {
    metrics.gauge({ name, help, read: () => [{ labels: {}, value: read(spool.status()) }] });
  }
}
