import type { CalibrationInput, CalibrationSource } from "@treadle/contract";
import { DAY_MS } from "../../../kernel/day.ts";
import { AppError } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { scoresOf } from "../../observe/traces/index.ts";
import { buildReport } from "./build-report.ts";
import { type CalibrationRow, createCalibrationStore, type DoneRow } from "./calibration-store.ts";
import type { BoundScorer, CalibrationDeps } from "./deps.ts";
import { facetsOf, makePair, type RawPair, readingOf, valueAt } from "./make-pair.ts";
import { createPairStore } from "./pair-store.ts";
import { createSpanPairStore } from "./span-pair-store.ts";

const DAYS_BACK = 90;
const MOST_PAIRS = 20_000;

/** A stored scorer at a version. Throws `not_found`, and `unprocessable` for a scorer that is not stored. */
export async function bindStored(
  { scorers }: Pick<CalibrationDeps, "scorers">,
  scope: Scope,
  ref: { scorer: string; version?: number | undefined },
): Promise<BoundScorer & { scorerId: string; version: number }> {
  const [bound] = await scorers.bind(scope, [ref]);
  if (!bound || bound.scorerId === null || bound.version === null) throw new AppError("internal");
  return { ...bound, scorerId: bound.scorerId, version: bound.version };
}

/** Reads human labels and judge scores of the same answers, in a run or in spans. */
function createPairReading({ judged, columnar, clock }: Pick<CalibrationDeps, "judged" | "columnar" | "clock">) {
  const spanPairs = createSpanPairStore(columnar, scoresOf);

  async function readRun(scope: Scope, source: Extract<CalibrationSource, { kind: "run" }>): Promise<RawPair[]> {
    const pairs: RawPair[] = [];
    for await (const item of judged.readItems(scope, source.runId, source.scorer)) {
      const human = valueAt({ ...item }, source.label);
      if (human === undefined || human === null) continue;
      const { itemId, value, label, reason } = item;
      const facets = facetsOf(item, source.label);
      pairs.push({ key: itemId, traceId: null, spanId: null, human, judge: { value, label }, reason, facets });
      if (pairs.length >= MOST_PAIRS) break;
    }
    return pairs;
  }

  async function readSpans(scope: Scope, source: Extract<CalibrationSource, { kind: "spans" }>): Promise<RawPair[]> {
    const to = source.to ?? new Date(clock.now()).toISOString();
    const from = source.from ?? new Date(Date.parse(to) - DAYS_BACK * DAY_MS).toISOString();
    const pairs = await spanPairs.list(scope.projectId, { ...source, from, to });
    const facets = await spanPairs.facets(scope.projectId, pairs);
    return pairs.map((pair) => ({
      key: `${pair.trace_id}:${pair.span_id}`,
      traceId: pair.trace_id,
      spanId: pair.span_id,
      human: pair.human_value ?? pair.human_label,
      judge: { value: pair.judge_value, label: pair.judge_label || null },
      reason: pair.reason,
      facets: facets.get(`${pair.trace_id} ${pair.span_id}`) ?? {},
    }));
  }

  return (scope: Scope, source: CalibrationSource) =>
    source.kind === "run" ? readRun(scope, source) : readSpans(scope, source);
}

/** Compares a judge's scores with human labels of the same answers, where both exist. */
export function createCalibrating(deps: CalibrationDeps) {
  const { db, judged, clock } = deps;
  const readPairs = createPairReading(deps);

  return async function calibrate(scope: Scope, input: CalibrationInput): Promise<DoneRow> {
    const { source, passAt } = input;
    const bound = await bindStored(deps, scope, input);
    const needed = source.kind === "run" ? "experiments:read" : "traces:read";
    if (!scope.permissions.has(needed))
      throw new AppError("forbidden", { message: `Reading the judged answers needs the permission ${needed}.` });
    const raw = await readPairs(scope, source);
    const now = clock.now();
    const id = newId("cal", now);
    const reading = readingOf(bound.output, passAt);
    const pairs = raw.map((pair) => makePair(id, pair, reading));
    if (!pairs.some(({ distance }) => distance !== null)) throw nothingToCompare(raw, reading.scale);
    const row: CalibrationRow = {
      id,
      projectId: scope.projectId,
      scorerId: bound.scorerId,
      scorerName: bound.key,
      version: bound.version,
      signature: bound.signature,
      anchorId: null,
      source,
      passAt,
      report: null,
      alarm: null,
      createdBy: scope.actor,
      createdAt: new Date(now),
    };
    const report = await buildReport(deps, pairs, reading.scale);
    if (source.kind === "run")
      report.warnings.push(...(await otherJudge(judged, scope, { ...source, signature: bound.signature })));
    await db.transaction(async (tx) => {
      await createCalibrationStore(tx).create({ ...row, report });
      await createPairStore(tx).add(pairs);
      const details = { scorer: bound.key, version: bound.version, pairs: report.pairs };
      await deps.audit.record(scope, { action: "calibration.create", target: id, details }, tx);
    });
    return { ...row, report };
  };
}

/** Warns when the run was scored by another version than the named one. */
async function otherJudge(
  judged: CalibrationDeps["judged"],
  scope: Scope,
  { runId, scorer, signature }: { runId: string; scorer: string; signature: string },
): Promise<string[]> {
  const found = (await judged.listScorers(scope, runId)).find(({ key }) => key === scorer);
  return found && found.signature !== signature
    ? ["The run was scored by a different judge or version than the judge named here."]
    : [];
}

const WORDS = {
  pass: "human labels are true or false, 1 or 0, pass or fail, yes or no; set `passAt` for numbers",
  number: "human labels are numbers; set `passAt` for pass or fail",
  label: "human labels are words",
} as const;

function nothingToCompare(raw: readonly RawPair[], scale: keyof typeof WORDS): AppError {
  const [first] = raw;
  return new AppError("unprocessable", {
    message: first
      ? `None of the ${raw.length} answers can be compared: on this scale ${WORDS[scale]}. The first label is ${JSON.stringify(first.human)?.slice(0, 80)}.`
      : "No answer has both a score from the judge and a human label. Check both names.",
    details: { param: "source.label" },
  });
}
