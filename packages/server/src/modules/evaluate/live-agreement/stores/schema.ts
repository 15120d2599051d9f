import type { AgreementReference, Estimate, LiveAgreement, Severity } from "@treadle/contract";
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

export const liveAgreements = pgTable(
  "live_agreements",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    ruleId: text("rule_id").notNull(),
    score: text("score").notNull(),
    label: text("label").notNull(),
    scale: text("scale").$type<LiveAgreement["scale"]>().notNull(),
    passAt: doublePrecision("pass_at"),
    tolerance: doublePrecision("tolerance").notNull(),
    severity: text("severity").$type<Severity>().notNull(),
    reference: jsonb("reference").$type<AgreementReference>(),
    collected: jsonb("collected").$type<{ pairs: number; disagreements: number }>().notNull(),
    evidence: doublePrecision("evidence").notNull(),
    risingSince: text("rising_since"),
    worseSince: text("worse_since"),
    /** Pairs of this day (UTC) and later count. */
    firstDay: text("first_day").notNull(),
    lastDay: text("last_day").notNull(),
    lastError: text("last_error").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [
    uniqueIndex("live_agreements_score").on(table.ruleId, table.score),
    index("live_agreements_project").on(table.projectId, table.createdAt, table.id),
  ],
);

/** The pairs that were counted, so that none is counted twice. */
export const liveAgreementPairs = pgTable(
  "live_agreement_pairs",
  {
    agreementId: text("agreement_id").notNull(),
    traceId: text("trace_id").notNull(),
    spanId: text("span_id").notNull(),
    day: text("day").notNull(),
    human: text("human").notNull(),
    judge: text("judge").notNull(),
    humanValue: doublePrecision("human_value"),
    judgeValue: doublePrecision("judge_value"),
    disagrees: boolean("disagrees").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.agreementId, table.traceId, table.spanId] }),
    index("live_agreement_pairs_day").on(table.agreementId, table.day),
  ],
);

export const liveAgreementDays = pgTable(
  "live_agreement_days",
  {
    agreementId: text("agreement_id").notNull(),
    day: text("day").notNull(),
    pairs: integer("pairs").notNull(),
    disagreements: integer("disagreements").notNull(),
    evidence: doublePrecision("evidence").notNull(),
    /** Of this day and the 29 days before it. */
    kappa: jsonb("kappa").$type<Estimate>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.agreementId, table.day] })],
);
