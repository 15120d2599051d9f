import { type JudgedScores, predictionPoweredMean, type Random } from "../src/index.ts";
import { holds, newRandom, type Shares, sharesOf } from "./coverage.ts";

/** How many items people labelled. */
export const LABELS: readonly number[] = [20, 50, 100, 200];
const JUDGED = 600;
const RATES: readonly number[] = [0.05, 0.2, 0.5, 0.8, 0.95];
/** How often a judge passes what people pass, and fails what people fail. */
const JUDGES: readonly (readonly [sensitivity: number, specificity: number])[] = [
  [0.95, 0.95],
  [0.8, 0.9],
  [0.99, 0.7],
  [0.6, 0.6],
];

/** How often the interval of a rate by PPI++ holds the true rate, over rates and judges. */
export function correctionCoverage({
  labels,
  draws,
  interval,
}: {
  labels: number;
  draws: number;
  interval: "adjusted" | "normal";
}): Shares {
  const random = newRandom();
  const shares = RATES.flatMap((rate) =>
    JUDGES.map((judge) => {
      let count = 0;
      for (let draw = 0; draw < draws; draw += 1) {
        const { corrected } = predictionPoweredMean(drawScores({ rate, judge, labels }, random), { interval });
        if (holds(corrected?.interval ?? null, rate)) count += 1;
      }
      return count / draws;
    }),
  );
  return sharesOf(shares, "least");
}

type Drawn = { readonly rate: number; readonly judge: readonly [number, number]; readonly labels: number };

function drawScores({ rate, judge: [sensitivity, specificity], labels }: Drawn, random: Random): JudgedScores {
  const draw = () => {
    const label = Number(random.next() < rate);
    return { label, judged: Number(random.next() < (label === 1 ? sensitivity : 1 - specificity)) };
  };
  const known = Array.from({ length: labels }, draw);
  return {
    labels: known.map(({ label }) => label),
    judgedLabelled: known.map(({ judged }) => judged),
    judgedOnly: Array.from({ length: JUDGED }, () => draw().judged),
  };
}
