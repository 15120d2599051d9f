import type { Chart } from "@treadle/contract";
import { resolveRange } from "../../../../components/time/time-range.ts";
import {
  correctedOf,
  estimateWords,
  rateName,
  type ScoreRate,
  useScoreRates,
} from "../../../evaluate/scorers/index.ts";
import { useProject } from "../../../system/session/index.ts";
import { questionOf } from "./chart-question.ts";
import type { Viewing } from "./use-chart.ts";

/** The corrected value next to a judged mean. */
export type Correction = { readonly label: string; readonly value: string; readonly title: string };

const SCORE = "score.";

/** For a tile with one score: the value corrected for the judge's errors. Undefined without a calibration. */
export function useCorrection(chart: Chart, { range, frame, refresh }: Viewing, isInSight: boolean) {
  const { can } = useProject();
  const [measure = ""] = chart.query.measures;
  const isScore = chart.kind === "number" && measure.startsWith(SCORE) && chart.query.cohorts === undefined;
  const { where } = questionOf(chart, resolveRange(range), frame);
  const [answer] = useScoreRates(isScore ? [{ score: measure.slice(SCORE.length), where }] : [], {
    times: () => {
      const { from, to } = resolveRange(range);
      return { from: new Date(from), to: new Date(to) };
    },
    key: range,
    isEnabled: isInSight && can("traces:read"),
    refetchInterval: refresh !== undefined && refresh * 1000,
  });
  return answer?.data && correctionOf(answer.data);
}

function correctionOf(rate: ScoreRate): Correction | undefined {
  const { calibration, warnings } = rate;
  const found = calibration && correctedOf(rate);
  if (!found) return undefined;
  const name = rateName(calibration);
  // Written as the number above it, unless it is a share of something else.
  const { value, range } = estimateWords(found.estimate, name !== "");
  return {
    label: [name, "corrected"].filter(Boolean).join(", "),
    value: `${value} ${range}`.trimEnd(),
    title: [`${found.way}, from ${calibration.pairs} answers that people also judged`, ...warnings].join("\n"),
  };
}
