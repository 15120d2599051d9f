import type { AnchorSet, Calibration, CalibrationPair } from "@treadle/contract";
import type { AnchorRow } from "./anchor-store.ts";
import type { DoneRow } from "./calibration-store.ts";
import type { PairRow } from "./pair-store.ts";

type Names = ReadonlyMap<string, string>;

export const toCalibration = (row: DoneRow, names: Names): Calibration => ({
  calibrationId: row.id,
  scorerId: row.scorerId,
  scorerName: row.scorerName,
  version: row.version,
  signature: row.signature,
  source: row.source,
  passAt: row.passAt,
  report: row.report,
  alarm: row.alarm,
  createdBy: names.get(row.createdBy) ?? row.createdBy,
  createdAt: row.createdAt.toISOString(),
});

export const toAnchorSet = (row: AnchorRow, latest: DoneRow | undefined, names: Names): AnchorSet => ({
  anchorId: row.id,
  name: row.name,
  scorerId: row.scorerId,
  datasetId: row.datasetId,
  output: row.outputPath,
  label: row.labelPath,
  passAt: row.passAt,
  everyDays: row.everyDays,
  isEnabled: row.isEnabled,
  latest: latest ? toCalibration(latest, names) : null,
  jobId: row.jobId,
  lastError: row.lastError,
  createdBy: names.get(row.createdBy) ?? row.createdBy,
  createdAt: row.createdAt.toISOString(),
});

export const toPair = ({ key, traceId, spanId, human, judge, distance, reason }: PairRow): CalibrationPair => ({
  key,
  traceId,
  spanId,
  human,
  judge,
  distance: distance ?? 0,
  reason,
});
