import type { ScoreRate, ScoreRateQuery } from "@treadle/contract";
import { AppError } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import { makerOf } from "../live-scoring/index.ts";
import { whereSpans } from "../traces/index.ts";
import { toEstimate } from "./build-report.ts";
import { createCalibrationStore, type DoneRow } from "./calibration-store.ts";
import { correctMean, isLabelled, rawEstimate } from "./correct-mean.ts";
import type { CalibrationDeps } from "./deps.ts";
import { createPairStore } from "./pair-store.ts";
import { createSpanValueStore, MOST_VALUES } from "./span-value-store.ts";

const FEW_PAIRS = 30;

/** What a judge's mean over spans is, beside what it is once the judge's errors are taken out. */
export const createScoreRates = ({ db, columnar, live }: Pick<CalibrationDeps, "db" | "columnar" | "live">) =>
  async function rate(scope: Scope, { score, where, from, to }: ScoreRateQuery): Promise<ScoreRate> {
    if (Date.parse(from) >= Date.parse(to))
      throw new AppError("invalid_request", { message: "`from` must lie before `to`.", details: { param: "from" } });
    const spans = whereSpans(scope.projectId, { ...where, from, to });
    const listed = await createSpanValueStore(columnar).list(scope.projectId, score, spans);
    const isCut = listed.size > MOST_VALUES;
    const values = isCut ? new Map([...listed].slice(0, MOST_VALUES)) : listed;
    const makers = await live.countMakers(scope.projectId, { name: score, from: new Date(from) });
    const found = bestOf(await createCalibrationStore(db).listForScore(scope.projectId, score), makers);
    const shared = { score, spans: values.size, isCut };
    if (!found) return { ...shared, ...uncorrected(values, `No judge called "${score}" was held against people.`) };
    const pairs = (await createPairStore(db).listAll(found.id)).filter(isLabelled);
    const labelled = new Set(pairs.map(({ key }) => key));
    const own = makers.get(makerOf(found)) ?? 0;
    const otherVersion = [...makers.values()].reduce((sum, count) => sum + count, 0) - own;
    return {
      ...shared,
      ...correctMean({ found, pairs, values, labelled }),
      calibration: {
        ...{ calibrationId: found.id, scorerId: found.scorerId, version: found.version, passAt: found.passAt },
        ...{ calibratedAt: found.createdAt.toISOString(), scale: found.report.scale, pairs: pairs.length },
      },
      ...{ otherVersion, alarm: found.alarm },
      warnings: warningsOf(found, { otherVersion, isOwn: [...labelled].some((key) => values.has(key)), isCut }),
    };
  };

/** Newest first; that of the judge which gave the most of the scores goes before. Labels have no mean. */
function bestOf(found: readonly DoneRow[], makers: ReadonlyMap<string, number>): DoneRow | undefined {
  const usable = found.filter(({ report }) => report.scale !== "label");
  const most = Math.max(0, ...usable.map((row) => makers.get(makerOf(row)) ?? 0));
  return usable.find((row) => (makers.get(makerOf(row)) ?? 0) === most);
}

const uncorrected = (values: ReadonlyMap<string, number>, why: string) => ({
  raw: rawEstimate(
    [...values.values()],
    [...values.values()].every((value) => value === 0 || value === 1),
  ),
  calibration: null,
  ...{ corrected: toEstimate(null, why), predictionPowered: toEstimate(null, why) },
  ...{ otherVersion: 0, alarm: null, warnings: [] },
});

type Facts = { readonly otherVersion: number; readonly isOwn: boolean; readonly isCut: boolean };

function warningsOf({ report, alarm, version }: DoneRow, { otherVersion, isOwn, isCut }: Facts): string[] {
  return [
    ...(alarm ? [alarm.message] : []),
    ...(otherVersion > 0
      ? [
          `${otherVersion} scores of this time are of another judge or version than the calibrated one, version ${version}.`,
        ]
      : []),
    ...(isOwn ? [] : ["The labelled answers are others than these: the judge is taken to err on both alike."]),
    ...(report.pairs < FEW_PAIRS
      ? [`Only ${report.pairs} answers are labelled; ${FEW_PAIRS} or more are wanted.`]
      : []),
    ...(isCut ? [`Only the newest ${MOST_VALUES.toLocaleString("en")} scores are taken.`] : []),
  ];
}
