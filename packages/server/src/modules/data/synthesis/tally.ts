import { SYNTHESIS_LOSSES, type SYNTHESIS_STOPS, type SynthesisSpent, type SynthesisTally } from "@treadle/contract";
import { countOf } from "../../../kernel/count-of.ts";
import { NOTHING_SPENT } from "./model-calls/ask-model.ts";
import type { Lost } from "./recipes/recipe.ts";

const MOST_SAMPLES = 12;
const SAMPLES_OF_ONE = 3;
const SAMPLE_CHARACTERS = 400;

export type Stop = (typeof SYNTHESIS_STOPS)[number];
export const NO_TALLY: SynthesisTally = { tries: 0, kept: 0, losses: [], samples: [], spent: NOTHING_SPENT };

type More = {
  readonly tries: number;
  readonly kept: number;
  readonly lost: readonly Lost[];
  readonly spent: SynthesisSpent;
};

/** Adds attempts to the tally. A few samples of each kind of loss are stored for review. */
export function addTo(tally: SynthesisTally, { tries, kept, lost, spent }: More): SynthesisTally {
  const samples = [...tally.samples];
  for (const { loss, text } of lost) {
    if (samples.length >= MOST_SAMPLES) break;
    if (samples.filter((sample) => sample.loss === loss).length < SAMPLES_OF_ONE)
      samples.push({ loss, text: text.slice(0, SAMPLE_CHARACTERS) });
  }
  const lossesOf = (loss: Lost["loss"]) =>
    (tally.losses.find((one) => one.loss === loss)?.count ?? 0) + lost.filter((one) => one.loss === loss).length;
  const losses = SYNTHESIS_LOSSES.map((loss) => ({ loss, count: lossesOf(loss) })).filter(({ count }) => count > 0);
  return { tries: tally.tries + tries, kept: tally.kept + kept, losses, samples, spent };
}

/** Why the work ended, for a person. */
export function tellStop(stop: Stop, { kept, tries, spent }: SynthesisTally, count: number): string {
  const so = `${kept} of ${count} after ${tries === 1 ? "1 attempt" : `${tries} attempts`}`;
  switch (stop) {
    case "finished":
      return `All ${count} were made.`;
    case "budget-usd":
      return `The budget in US dollars is used up ($${spent.usd.toFixed(4)} spent): ${so}.`;
    case "budget-tokens":
      return `The token budget is used up (${countOf(spent.tokens, "token")} used): ${so}.`;
    case "price-unknown":
      return `A model that was called has no known price, so a budget in US dollars cannot be enforced: ${so}. Set a price for the model under Models, or use only a token budget.`;
    case "no-more-seeds":
      return `There is no further item to work on: ${so}.`;
    case "too-few-kept":
      return `The last attempts produced nothing usable, so the job stopped: ${so}. Check the rejected attempts.`;
    default:
      return stop satisfies never;
  }
}
