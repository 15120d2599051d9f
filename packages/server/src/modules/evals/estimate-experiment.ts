import type { ExperimentEstimate, ExperimentInput } from "@treadle/contract";
import { AppError } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import { createRequests } from "./build-request.ts";
import type { EvalDeps } from "./deps.ts";
import { chooseItems } from "./item-set.ts";
import { prepareExperiment } from "./start-experiment.ts";
import { createValueStore } from "./summary-store.ts";

type Line = ExperimentEstimate["variants"][number] & {
  readonly seconds: number | null;
  readonly isFromHistory: boolean;
};

/** As a rule of thumb, in English. */
const CHARACTERS_PER_TOKEN = 4;
/** When neither an earlier answer nor `max_tokens` tells. */
const OUTPUT_TOKENS = 300;
/** What a judge reads beside the answer, and says. */
const JUDGE_TOKENS = { input: 500, output: 200 } as const;
const ASKING: ReadonlySet<string> = new Set(["judge"]);

/** What an experiment would take, from earlier answers of the same models where there are any and from the texts otherwise. */
export async function estimateExperiment(
  deps: EvalDeps,
  scope: Scope,
  { input, signal }: { input: ExperimentInput; signal: AbortSignal },
): Promise<ExperimentEstimate> {
  const prepared = await prepareExperiment(deps, scope, input);
  const choice = { ...input.dataset, root: prepared.root };
  const { items, samples } = await chooseItems(deps, scope, { choice, signal });
  const each = items * input.repeats;
  const warnings: string[] = [];
  const lines: Line[] = [];
  for (const [at, fixed] of prepared.variants.entries()) {
    const asked = input.variants[at];
    if (!asked || fixed.model === null) continue;
    const variant = {
      name: asked.name,
      messages: asked.messages,
      parameters: asked.parameters,
      model: fixed.model,
      prompt: fixed.prompt,
    };
    const build = createRequests(deps.prompts, scope, variant);
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
    lines.push(
      await estimateVariant(deps, scope, {
        variant,
        each,
        characters: characters / Math.max(1, samples.length - failed),
      }),
    );
  }
  const judges = prepared.bound.filter(({ needs }) => needs.some((need) => ASKING.has(need))).length;
  return sumUp({ input, items, lines, judges, warnings });
}

type Asked = { readonly name: string; readonly model: string; readonly parameters: Readonly<Record<string, unknown>> };

async function estimateVariant(
  { db, priceOf }: EvalDeps,
  { projectId }: Scope,
  { variant, each, characters }: { variant: Asked; each: number; characters: number },
): Promise<Line> {
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

type Sum = {
  readonly input: ExperimentInput;
  readonly items: number;
  readonly lines: readonly Line[];
  readonly judges: number;
  readonly warnings: readonly string[];
};

function sumUp({ input, items, lines, judges, warnings }: Sum): ExperimentEstimate {
  const answers = items * input.repeats * lines.length;
  const judgeCalls = answers * judges;
  const add = (pick: (line: Line) => number) => lines.reduce((sum, line) => sum + pick(line), 0);
  const usd = judges === 0 && lines.every((line) => line.usd !== null) ? add((line) => line.usd ?? 0) : null;
  const isTimed = lines.every(({ seconds }) => seconds !== null);
  const inputTokens = add((line) => line.inputTokens) + judgeCalls * JUDGE_TOKENS.input;
  const outputTokens = add((line) => line.outputTokens) + judgeCalls * JUDGE_TOKENS.output;
  const isWithinTokens = inputTokens + outputTokens <= input.budget.tokens;
  const isWithinUsd = input.budget.usd === null ? true : usd === null ? null : usd <= input.budget.usd;
  const isFromHistory = lines.every((line) => line.isFromHistory);
  return {
    ...{ items, answers, judgeCalls, inputTokens, outputTokens, usd },
    seconds: isTimed ? add((line) => line.seconds ?? 0) / input.concurrency : null,
    variants: lines.map(({ name, model, ...line }) => ({
      ...{ name, model, inputTokens: line.inputTokens, outputTokens: line.outputTokens, usd: line.usd },
    })),
    isWithinBudget: isWithinTokens ? isWithinUsd : false,
    basis: isFromHistory
      ? "Earlier answers of the same models, and the length of a sample of the requests."
      : "The length of a sample of the requests; how much the models will say is a guess where they were never asked.",
    warnings: [
      ...warnings,
      ...(judges > 0 && lines.length > 0
        ? ["What judges cost is not in the sum: their models' prices are not looked up."]
        : []),
      ...(isWithinTokens ? [] : ["It would use more tokens than the budget has, and stop before its end."]),
      ...(isWithinUsd === false ? ["It would cost more than the budget has, and stop before its end."] : []),
    ],
  };
}
