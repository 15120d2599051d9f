import type { ExperimentEstimate, ExperimentInput } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { createRequests } from "../run/build-request.ts";
import type { EvalDeps } from "../run/deps.ts";
import { chooseItems } from "../run/item-set.ts";
import { createReplayRequests } from "../run/replay-request.ts";
import type { PlacedItem } from "../stores/item-store.ts";
import { createValueStore } from "../stores/summary-store.ts";
import { estimateJudge, type JudgeLine } from "./estimate-judges.ts";
import { sumEstimate, type VariantLine } from "./estimate-sum.ts";
import { prepareExperiment } from "./start-experiment.ts";

type Prepared = Awaited<ReturnType<typeof prepareExperiment>>;

/** As a rule of thumb, in English. */
const CHARACTERS_PER_TOKEN = 4;
/** The default without an earlier answer and `max_tokens`. */
const OUTPUT_TOKENS = 300;

/**
 * The estimate of an experiment, from earlier answers of the same models if there are any, otherwise from the texts.
 */
export async function estimateExperiment(
  deps: EvalDeps,
  scope: Scope,
  { input, signal }: { input: ExperimentInput; signal: AbortSignal },
): Promise<ExperimentEstimate> {
  const prepared = await prepareExperiment(deps, scope, input);
  const choice = { ...input.dataset, root: prepared.root };
  const { items, samples } = await chooseItems(deps, scope, { choice, signal });
  const each = items * input.repeats;
  const { lines, warnings } = await estimateVariants(deps, scope, { input, prepared, samples, each });
  const judges = await estimateJudges(deps, scope, { prepared, samples, lines, each });
  return sumEstimate({ input, items, lines, judges, warnings });
}

type Work = {
  readonly input: ExperimentInput;
  readonly prepared: Prepared;
  readonly samples: readonly PlacedItem[];
  /** Answers of each variant. */
  readonly each: number;
};

async function estimateVariants(deps: EvalDeps, scope: Scope, { input, prepared, samples, each }: Work) {
  const warnings: string[] = [];
  const lines: VariantLine[] = [];
  for (const [at, { model, prompt }] of prepared.variants.entries()) {
    const asked = input.variants[at];
    if (!asked || model === null) continue;
    const { name, messages, parameters } = asked;
    const variant = { name, messages, parameters, model, prompt };
    const build = (input.replay ? createReplayRequests : createRequests)(deps.prompts, scope, variant);
    let characters = 0;
    let failed = 0;
    for (const item of samples) {
      try {
        characters += JSON.stringify((await build(item)).messages).length;
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        if (failed++ === 0) warnings.push(`${asked.name}: ${error.message}`);
      }
    }
    const mean = characters / Math.max(1, samples.length - failed);
    lines.push(await estimateVariant(deps, scope, { variant, each, characters: mean }));
  }
  return { lines, warnings };
}

type Asked = { readonly name: string; readonly model: string; readonly parameters: Readonly<Record<string, unknown>> };

async function estimateVariant(
  { db, priceOf }: EvalDeps,
  { projectId }: Scope,
  { variant, each, characters }: { variant: Asked; each: number; characters: number },
): Promise<VariantLine> {
  const { name, model, parameters } = variant;
  const past = await createValueStore(db).usage(projectId, model);
  const cap = Number(parameters.max_tokens ?? parameters.max_completion_tokens);
  const output = past?.outputTokens ?? (cap > 0 ? Math.min(cap, OUTPUT_TOKENS) : OUTPUT_TOKENS);
  const inputTokens = Math.round(each * (characters / CHARACTERS_PER_TOKEN));
  const outputTokens = Math.round(each * output);
  const listed = await priceOf(projectId, { model, inputTokens, outputTokens });
  const usd = listed ?? (past?.usdPerToken == null ? null : past.usdPerToken * (inputTokens + outputTokens));
  const seconds = past?.latencyMs == null ? null : (past.latencyMs * each) / 1_000;
  return { name, model, inputTokens, outputTokens, usd, seconds, isFromHistory: past !== null };
}

type Judging = Omit<Work, "input"> & { readonly lines: readonly VariantLine[] };

/** A judge reads the prompt, the expected answer, the retrieved documents, and an answer of the estimated length. */
async function estimateJudges(
  deps: EvalDeps,
  scope: Scope,
  { prepared, samples, lines, each }: Judging,
): Promise<JudgeLine[]> {
  const answers = each * lines.length;
  const tokensPerAnswer = lines.reduce((sum, { outputTokens }) => sum + outputTokens, 0) / Math.max(1, answers);
  const read = samples.reduce((sum, item) => sum + JSON.stringify([item.inputs, item.expected]).length, 0);
  const characters = read / Math.max(1, samples.length) + tokensPerAnswer * CHARACTERS_PER_TOKEN;
  const models = lines.map(({ model }) => model);
  const judges: JudgeLine[] = [];
  for (const scorer of prepared.bound)
    judges.push(...(await estimateJudge(deps, scope, { scorer, samples: answers, characters, models })));
  return judges;
}
