import type { Calibration, CalibrationAlarm, CalibrationReport } from "@treadle/contract";
import {
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const anchorSets = pgTable(
  "anchor_sets",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    name: text("name").notNull(),
    scorerId: text("scorer_id").notNull(),
    datasetId: text("dataset_id").notNull(),
    outputPath: text("output_path").notNull(),
    labelPath: text("label_path").notNull(),
    passAt: doublePrecision("pass_at"),
    everyDays: integer("every_days"),
    isEnabled: boolean("is_enabled").notNull(),
    /** The last check that was sent, so that a failed check is not sent repeatedly. */
    checkedSignature: text("checked_signature").notNull(),
    checkedAt: time("checked_at"),
    jobId: text("job_id"),
    lastError: text("last_error").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
  },
  (table) => [
    uniqueIndex("anchor_sets_name").on(table.projectId, table.name),
    index("anchor_sets_scorer").on(table.scorerId),
  ],
);

export const calibrations = pgTable(
  "calibrations",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    scorerId: text("scorer_id").notNull(),
    scorerName: text("scorer_name").notNull(),
    version: integer("version").notNull(),
    signature: text("signature").notNull(),
    anchorId: text("anchor_id"),
    source: jsonb("source").$type<Calibration["source"]>().notNull(),
    passAt: doublePrecision("pass_at"),
    /** Null while its pairs are being made. */
    report: jsonb("report").$type<CalibrationReport>(),
    alarm: jsonb("alarm").$type<CalibrationAlarm>(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
  },
  (table) => [
    index("calibrations_list").on(table.projectId, table.createdAt, table.id),
    index("calibrations_scorer").on(table.projectId, table.scorerId, table.createdAt),
    index("calibrations_signature").on(table.projectId, table.signature, table.createdAt),
    index("calibrations_anchor").on(table.anchorId, table.createdAt),
  ],
);

export const calibrationPairs = pgTable(
  "calibration_pairs",
  {
    calibrationId: text("calibration_id").notNull(),
    key: text("key").notNull(),
    traceId: text("trace_id"),
    spanId: text("span_id"),
    human: text("human").notNull(),
    judge: text("judge").notNull(),
    humanValue: doublePrecision("human_value"),
    judgeValue: doublePrecision("judge_value"),
    /** Null if one side has no comparable value. */
    distance: doublePrecision("distance"),
    reason: text("reason").notNull(),
    /** The slices of the pair. */
    facets: jsonb("facets").$type<Record<string, string>>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.calibrationId, table.key] }),
    index("calibration_pairs_distance").on(table.calibrationId, table.distance, table.key),
  ],
);
