import type { RolloutAdjustment, RolloutFinding, RolloutGuardrail } from "@treadle/contract";
import {
  type ArmDifference,
  errorShareEvidence,
  LEAST_UNITS,
  oneSidedSequence,
  unitsUntilBelow,
} from "@treadle/metrics";
import { type ArmCounts, type Arms, harmOf, isRate, keyOf, type Measure } from "../../comparisons/index.ts";
import type { Adjusted } from "./adjust.ts";

export type MetricContext = {
  /** The candidate's share of the units of both arms. */
  readonly share: number;
  readonly alpha: number;
  readonly tunedFor: number;
  /** The natural logarithms of the evidence of the stages that were passed. */
  readonly finished: readonly number[];
  /** How many stages come after this one. */
  readonly stagesLeft: number;
  /** Requests of both arms per unit of both arms. */
  readonly requestsPerUnit: number;
  readonly unitsOfArms: number;
  readonly filter: string;
};

/** A metric's values of both arms: as they are, and without what the units' past explains, where that is known. */
export type Values = { readonly counts: Arms<ArmCounts>; readonly adjusted: Adjusted | undefined };

/** Beyond it a number has no JSON. */
const MOST_LOG10 = 300;

/** What a guardrail's metric has shown in a stage. */
export function weighMetric(
  { metric, direction, margin, action, isRequired }: RolloutGuardrail,
  values: Values,
  context: MetricContext,
): RolloutFinding {
  const { counts } = values;
  const { found, adjustment } = compare({ metric, direction, margin }, values);
  const current = isRate(metric) ? shareEvidence(counts, context.share) : meanEvidence(found, context);
  const evidence = Math.min(MOST_LOG10, totalEvidence(current, isRate(metric), context) / Math.LN10);
  const line = Math.log10(1 / context.alpha);
  const bounds = boundsOf(found, context);
  const isSafe = bounds.upperBound !== null && bounds.upperBound < margin;
  const status = evidence >= line && !isSafe ? "harm" : found === null ? "collecting" : isSafe ? "safe" : "unclear";
  return {
    key: keyOf(metric),
    metric,
    action,
    isRequired,
    margin,
    ...armNumbers(counts),
    evidence,
    line,
    status,
    adjustment,
    ...bounds,
    harm: found?.difference ?? null,
    moreRequests: status === "harm" || isSafe ? 0 : moreRequests(found, { margin, counts, context }),
    filter: context.filter,
  };
}

/** The natural logarithm of a stage's evidence, to be multiplied or averaged with the next stages'. */
export function stageEvidence(
  guardrail: RolloutGuardrail,
  { counts, adjusted }: Values,
  context: Pick<MetricContext, "share" | "alpha" | "tunedFor">,
): number {
  return isRate(guardrail.metric)
    ? shareEvidence(counts, context.share)
    : meanEvidence(harmOf(guardrail, adjusted?.counts ?? counts), context);
}

type Compared = { readonly found: ArmDifference | null; readonly adjustment: RolloutAdjustment | null };

/** The difference of the arms, adjusted where it can be, and how much that helps. */
function compare(measure: Measure, { counts, adjusted }: Values): Compared {
  const plain = harmOf(measure, counts);
  const found = adjusted ? harmOf(measure, adjusted.counts) : plain;
  if (!adjusted || !plain || !found || plain.standardError === 0) return { found, adjustment: null };
  const varianceReduction = 1 - (found.standardError / plain.standardError) ** 2;
  return { found, adjustment: { ...adjusted.fit, units: adjusted.units, varianceReduction } };
}

/** The numbers of a finding that each arm has. */
const armNumbers = ({ candidate, control }: Arms<ArmCounts>) => ({
  units: { candidate: candidate.units, control: control.units },
  values: { candidate: meanOf(candidate), control: meanOf(control) },
  missing: { candidate: candidate.missing, control: control.missing },
});

const meanOf = ({ units, sum }: ArmCounts): number | null => (units === 0 ? null : sum / units);

/** Each unit with a bad request is a coin of a known bias, so this holds from the first one on. */
const shareEvidence = ({ candidate, control }: Arms<ArmCounts>, share: number): number =>
  errorShareEvidence([{ treatment: candidate.flagged, all: candidate.flagged + control.flagged, share }]);

function meanEvidence(found: ArmDifference | null, { alpha, tunedFor }: { alpha: number; tunedFor: number }): number {
  const peek = found && oneSidedSequence(found, { alpha, tunedFor });
  return peek ? Math.log(Math.max(peek.eValue, Number.MIN_VALUE)) : 0;
}

/**
 * Shares of errors are multiplied over the stages, each with its own share. The evidence of means is averaged over all
 * stages, so that a stage without harm does not hide another's, and stages to come count as 1.
 */
function totalEvidence(current: number, isProduct: boolean, { finished, stagesLeft }: MetricContext): number {
  if (isProduct) return finished.reduce((sum, one) => sum + one, current);
  const all = [...finished, current];
  const most = Math.max(0, ...all);
  const sum = all.reduce((total, one) => total + Math.exp(one - most), stagesLeft * Math.exp(-most));
  return most + Math.log(sum / (all.length + stagesLeft));
}

function boundsOf(found: ArmDifference | null, { alpha, tunedFor }: { alpha: number; tunedFor: number }) {
  const options = { alpha, tunedFor };
  const below = found && oneSidedSequence(found, options);
  const above = found && oneSidedSequence({ ...found, difference: -found.difference }, options);
  return { lowerBound: below?.lowerBound ?? null, upperBound: above ? -above.lowerBound : null };
}

type Distance = { readonly margin: number; readonly counts: Arms<ArmCounts>; readonly context: MetricContext };

function moreRequests(found: ArmDifference | null, { margin, counts, context }: Distance): number | null {
  const { share, alpha, tunedFor, requestsPerUnit, unitsOfArms } = context;
  const { candidate, control } = counts;
  const lacking = Math.max((LEAST_UNITS - candidate.units) / share, (LEAST_UNITS - control.units) / (1 - share));
  const units = found === null ? Math.max(0, lacking) : unitsUntilBelow(found, margin, { alpha, tunedFor });
  if (units === null) return null;
  // Not each unit has a value, such as a score.
  const withValue = (candidate.units + control.units) / Math.max(1, unitsOfArms);
  const rate = withValue > 0 ? Math.min(1, withValue) : 1;
  return Math.ceil((units * requestsPerUnit) / rate);
}
