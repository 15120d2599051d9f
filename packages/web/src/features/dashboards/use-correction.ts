import type { Chart } from "@treadle/contract";
import { resolveRange } from "../../components/time-range.ts";
import { correctedOf, estimateWords, rateName, type ScoreRate, useScoreRates } from "../scorers/index.ts";
import { useProject } from "../session/index.ts";
import { questionOf } from "./chart-question.ts";
import type { Viewing } from "./use-chart.ts";

/** What a tile says beside a judged mean. */
export type Correction = { readonly label: string; readonly value: string; readonly title: string };

const SCORE = "score.";

/** Of a tile that shows one score: what it is once the errors of its judge are taken out; undefined where nobody held the judge against people. */
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
    title: [`${found.way}, from ${calibration.pairs} answers that people judged too`, ...warnings].join("\n"),
  };
}
