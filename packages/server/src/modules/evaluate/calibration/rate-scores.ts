import type { ScoreRate, ScoreRateQuery } from "@treadle/contract";
import { countOf } from "../../../kernel/count-of.ts";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { whereSpans } from "../../observe/traces/index.ts";
import { makerOf } from "../live-scoring/index.ts";
import { fewPairsWarnings, toEstimate } from "./build-report.ts";
import { createCalibrationStore, type DoneRow } from "./calibration-store.ts";
import { correctMean, isLabelled, rawEstimate } from "./correct-mean.ts";
import type { CalibrationDeps } from "./deps.ts";
import { createPairStore } from "./pair-store.ts";
import { createSpanValueStore, MOST_VALUES } from "./span-value-store.ts";

type Makers = ReadonlyMap<string, number>;

/** The judge's mean over spans, and the mean after correcting the judge's errors. */
export const createScoreRates = ({ db, columnar, live }: Pick<CalibrationDeps, "db" | "columnar" | "live">) =>
  async function rate(scope: Scope, { score, where, from, to }: ScoreRateQuery): Promise<ScoreRate> {
    if (Date.parse(from) >= Date.parse(to))
      throw new AppError("invalid_request", { message: "`from` must be before `to`.", details: { param: "from" } });
    const spans = whereSpans(scope.projectId, { ...where, from, to });
    const listed = await createSpanValueStore(columnar).list(scope.projectId, score, spans);
    const isCut = listed.size > MOST_VALUES;
    const values = isCut ? new Map([...listed].slice(0, MOST_VALUES)) : listed;
    const makers = await live.countMakers(scope.projectId, { name: score, from: new Date(from) });
    const calibration = chooseCalibration(
      await createCalibrationStore(db).listForScore(scope.projectId, score),
      makers,
    );
    const shared = { score, spans: values.size, isCut };
    if (!calibration)
      return { ...shared, ...uncorrected(values, `No judge named "${score}" was calibrated against human labels.`) };
    const pairs = (await createPairStore(db).listAll(calibration.id)).filter(isLabelled);
    const labelled = new Set(pairs.map(({ key }) => key));
    const otherVersion = otherVersionOf(calibration, makers);
    return {
      ...shared,
      ...correctMean({ found: calibration, pairs, values, labelled }),
      calibration: {
        calibrationId: calibration.id,
        scorerId: calibration.scorerId,
        version: calibration.version,
        passAt: calibration.passAt,
        calibratedAt: calibration.createdAt.toISOString(),
        scale: calibration.report.scale,
        pairs: pairs.length,
      },
      otherVersion,
      alarm: calibration.alarm,
      warnings: [
        ...otherVersionWarnings(calibration, makers),
        ...warningsOf({ isOwn: [...labelled].some((key) => values.has(key)), isCut }),
        ...qualityWarnings(calibration),
      ],
    };
  };

/** Newest first, after the calibration of the judge that gave most of the scores. Labels have no mean. */
export function chooseCalibration(found: readonly DoneRow[], makers: Makers): DoneRow | undefined {
  const usable = found.filter(({ report }) => report.scale !== "label");
  const most = Math.max(0, ...usable.map((row) => makers.get(makerOf(row)) ?? 0));
  return usable.find((row) => (makers.get(makerOf(row)) ?? 0) === most);
}

/** The scores by other judges or versions. */
function otherVersionOf(calibration: DoneRow, makers: Makers): number {
  const own = makers.get(makerOf(calibration)) ?? 0;
  return [...makers.values()].reduce((sum, count) => sum + count, 0) - own;
}

const uncorrected = (values: ReadonlyMap<string, number>, why: string) => ({
  raw: rawEstimate([...values.values()]),
  calibration: null,
  corrected: toEstimate(null, why),
  predictionPowered: toEstimate(null, why),
  otherVersion: 0,
  alarm: null,
  warnings: [],
});

type Facts = { readonly isOwn: boolean; readonly isCut: boolean };

export function otherVersionWarnings(calibration: DoneRow, makers: Makers): string[] {
  const other = otherVersionOf(calibration, makers);
  if (other === 0) return [];
  return [
    `${countOf(other, "score")} in this time range ${other === 1 ? "comes" : "come"} from another judge or version than the calibrated version ${calibration.version}.`,
  ];
}

/** What makes a calibration uncertain. */
export const qualityWarnings = ({ report, alarm }: DoneRow): string[] => [
  ...(alarm ? [alarm.message] : []),
  ...fewPairsWarnings(report.pairs),
];

function warningsOf({ isOwn, isCut }: Facts): string[] {
  return [
    ...(isOwn
      ? []
      : [
          "The labeled answers are not from this time range. The correction assumes that the judge makes the same errors on both.",
        ]),
    ...(isCut ? [`Only the newest ${MOST_VALUES.toLocaleString("en")} scores are used.`] : []),
  ];
}
