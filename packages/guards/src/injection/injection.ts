import type { Detector } from "../detector.ts";
import type { Finding } from "../finding.ts";
import type { PreparedText, TextView } from "../prepared-text.ts";
import { loadModel } from "./load-model.ts";
import { score } from "./score.ts";

/** Hidden parts beyond these are not scored: a text made of thousands of encoded runs must not cost more than a long one. */
const MOST_HIDDEN = 16;
/** A hidden part that is shorter says too little. */
const SHORTEST_HIDDEN = 12;

/** The probability from 0 to 1 that a text tries to override a model's instructions. The same text always gives the same. */
export const scoreInjection = (text: string): number => score(loadModel(), text).score;

/** The threshold of the model card: at most 1 % of ordinary prompts reach it. */
export const injectionThreshold = (): number => loadModel().threshold;

/** Finds prompt injection and jailbreak prompts with a small linear model. It reports the most suspicious sentences. */
export const injection: Detector<{ readonly threshold: number }> = {
  name: "injection",
  version: 1,
  isDeterministic: false,
  need: "sentence",
  reads: ["user", "retrieved", "tool-result"],
  find(text, { threshold }) {
    const best = viewsOf(text)
      .map(findIn)
      .reduce((one, other) => (other.score > one.score ? other : one));
    return best.score > 0 && best.score >= threshold ? [best] : [];
  },
};

const viewsOf = ({ text, normalized, hidden }: PreparedText): readonly TextView[] => [
  normalized.text === text ? { view: "text", text, toOriginal: (span) => span } : normalized,
  ...hidden.filter((view) => view.text.length >= SHORTEST_HIDDEN).slice(0, MOST_HIDDEN),
];

function findIn({ view, text, toOriginal }: TextView): Finding {
  const scored = score(loadModel(), text);
  const { start, end } = toOriginal({ start: scored.start, end: scored.end });
  return { detector: "injection", kind: "injection", score: scored.score, view, start, end };
}
