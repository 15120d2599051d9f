import type { ProbeEstimate } from "@treadle/contract";
import { answerTokensOf, FULL_PROMPTS, LOGPROB_PROMPTS, pinnedPrompts, SHORT_PROMPTS } from "../prompts/built-in.ts";
import type { PriceOf } from "../stores/deps.ts";
import type { KeptPrompt, ProbeSettings } from "../stores/probe-values.ts";
import { REPEATS } from "./plan-calls.ts";

/** Of the short prompts, so many are kept at most. */
const MOST_KEPT = 40;
/** Characters of English text for one token, and tokens around a message. */
const [CHARACTERS, AROUND] = [4, 8];
const HOURS = 2;

type Batch = { readonly prompts: readonly KeptPrompt[]; readonly repeats: number };

type Estimated = {
  readonly settings: Pick<ProbeSettings, "model" | "pinnedPrompts" | "dailyBudgetUsd" | "setUpBudgetUsd">;
  /** Missing before the set-up has chosen them. */
  readonly prompts?: readonly KeptPrompt[];
};

/** The calls and costs of a probe. Before the set-up has chosen the prompts, with as many as it can choose. */
export async function estimateProbe(
  { priceOf }: { readonly priceOf: PriceOf },
  projectId: string,
  { settings, prompts }: Estimated,
): Promise<ProbeEstimate> {
  const kept = prompts ?? mostPrompts(settings.pinnedPrompts);
  const setUp: Batch[] = [
    { prompts: SHORT_PROMPTS, repeats: REPEATS.selection },
    { prompts: LOGPROB_PROMPTS, repeats: 1 },
    { prompts: FULL_PROMPTS, repeats: REPEATS.samples },
  ];
  const daily: Batch[] = [{ prompts: kept, repeats: REPEATS.daily }];
  const confirmation: Batch[] = [{ prompts: FULL_PROMPTS, repeats: REPEATS.confirmation }];
  const costOf = (batches: readonly Batch[]) => priceOf(projectId, { model: settings.model, ...tokensOf(batches) });
  const [setUpUsd, dailyUsd, confirmationUsd] = await Promise.all([setUp, daily, confirmation].map(costOf));
  const reference = { prompts: kept, repeats: REPEATS.reference };
  const first = (await costOf([reference])) ?? 0;
  return {
    setUpCalls: callsOf(setUp),
    setUpUsd: setUpUsd ?? null,
    dailyCalls: callsOf(daily),
    dailyUsd: dailyUsd ?? null,
    confirmationCalls: callsOf(confirmation),
    confirmationUsd: confirmationUsd ?? null,
    notices: noticesOf({ setUpUsd, confirmationUsd, first, referenceCalls: callsOf([reference]) }, settings),
  };
}

const mostPrompts = (pinned: readonly string[]): KeptPrompt[] => [
  ...SHORT_PROMPTS.slice(0, MOST_KEPT),
  ...LOGPROB_PROMPTS,
  ...pinnedPrompts(pinned),
];

const callsOf = (batches: readonly Batch[]): number =>
  batches.reduce((sum, { prompts, repeats }) => sum + prompts.length * repeats, 0);

function tokensOf(batches: readonly Batch[]) {
  let [inputTokens, outputTokens] = [0, 0];
  for (const { prompts, repeats } of batches)
    for (const prompt of prompts) {
      inputTokens += repeats * (AROUND + Math.ceil(prompt.text.length / CHARACTERS));
      outputTokens += repeats * answerTokensOf(prompt);
    }
  return { inputTokens, outputTokens };
}

type Costs = {
  readonly setUpUsd: number | null | undefined;
  readonly confirmationUsd: number | null | undefined;
  readonly first: number;
  readonly referenceCalls: number;
};

function noticesOf(
  { setUpUsd, confirmationUsd, first, referenceCalls }: Costs,
  { setUpBudgetUsd, dailyBudgetUsd }: Pick<ProbeSettings, "dailyBudgetUsd" | "setUpBudgetUsd">,
): string[] {
  if (setUpUsd === null)
    return ["The price of the model is unknown, so budgets do not apply. Set a price to limit costs."];
  const notices = [
    `The first run at each of ${HOURS} hours makes ${referenceCalls} calls for the reference. Comparisons start after it.`,
  ];
  if ((setUpUsd ?? 0) > setUpBudgetUsd) notices.push("The set-up costs more than its budget, so it will stop early.");
  if (Math.max(first, confirmationUsd ?? 0) > dailyBudgetUsd)
    notices.push(
      "The reference or the second test costs more than the daily budget. The reference then has fewer answers, and the second test takes several days.",
    );
  return notices;
}
