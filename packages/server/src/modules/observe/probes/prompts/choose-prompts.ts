import type { Counts, KeptPrompt } from "../stores/probe-values.ts";
import { FULL_PROMPTS, LOGPROB_PROMPTS, pinnedPrompts, SHORT_PROMPTS } from "./built-in.ts";

type Chosen = { readonly prompts: readonly KeptPrompt[]; readonly notices: readonly string[] };
type Selected = {
  readonly counts: ReadonlyMap<string, Counts>;
  readonly hasLogprobs: boolean;
  readonly pinned: readonly string[];
};

const MOST_BORDER = 40;
export const FEWEST_BORDER = 20;
const [LOW, HIGH] = [0.3, 0.7];
const FEWEST_ANSWERS = 5;

/**
 * The prompts of the daily runs: the short prompts whose most frequent answer has a share of 0.3 to 0.7, nearest to one half first,
 * then one-token prompts and the user's prompts. With too few of the first, prompts with full answers are added.
 */
export function choosePrompts({ counts, hasLogprobs, pinned }: Selected): Chosen {
  const border = SHORT_PROMPTS.map((prompt) => ({ prompt, share: topShareOf(counts.get(prompt.promptId)) }))
    .filter(({ share }) => share !== null && share >= LOW && share <= HIGH)
    .sort((one, other) => Math.abs((one.share ?? 0) - 0.5) - Math.abs((other.share ?? 0) - 0.5))
    .slice(0, MOST_BORDER)
    .map(({ prompt }) => prompt);
  const isScarce = border.length < FEWEST_BORDER;
  const notices = [
    ...(isScarce ? [scarceNotice(border.length)] : []),
    ...(hasLogprobs ? [] : ["The provider returns no log-probabilities, so only answers are compared."]),
  ];
  const rest = [...(hasLogprobs ? LOGPROB_PROMPTS : []), ...(isScarce ? FULL_PROMPTS : []), ...pinnedPrompts(pinned)];
  return { prompts: [...border, ...rest], notices };
}

const scarceNotice = (border: number) =>
  `Only ${border} of ${SHORT_PROMPTS.length} short prompts have two likely answers, because the model answers almost always the same. The probe also compares full answers. It finds large changes fast and tiny changes less surely.`;

function topShareOf(counts: Counts | undefined): number | null {
  const values = [...(counts?.values() ?? [])];
  const all = values.reduce((sum, count) => sum + count, 0);
  return all < FEWEST_ANSWERS ? null : Math.max(...values) / all;
}
