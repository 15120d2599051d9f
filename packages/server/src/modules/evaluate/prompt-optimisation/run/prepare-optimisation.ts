import { type OptimisationEstimate, type OptimisationInput, parseItemFilter, type RunScorer } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { type BoundScorer, estimateJudge, fixedRef, toRunScorer } from "../../experiments/index.ts";
import { contentOf, lengthOf, programOf } from "../search/program.ts";
import type { OptimisationDeps } from "../stores/deps.ts";
import type { OptimisationRow } from "../stores/store.ts";
import { readParts } from "./read-parts.ts";

type Found = Awaited<ReturnType<OptimisationDeps["prompts"]["find"]>>;
export type Prepared = {
  readonly input: OptimisationRow["input"];
  readonly prompt: Found;
  readonly root: string;
  readonly scorers: readonly RunScorer[];
  readonly bound: readonly BoundScorer[];
};

const invalid = (param: string, message: string) =>
  new AppError("invalid_request", { message: `${param}: ${message}`, details: { param } });

/** Validates a search, and fixes every version and model. Throws each problem with its place. */
export async function prepareOptimisation(
  deps: OptimisationDeps,
  scope: Scope,
  input: OptimisationInput,
): Promise<Prepared> {
  const { datasets, prompts } = deps;
  const { datasetId, version, filter } = input.dataset;
  const prompt = await prompts.find(scope, input.prompt);
  const model = input.model ?? prompt.content.model;
  if (model === null)
    throw invalid(
      "model",
      `version ${prompt.version} of the prompt "${input.prompt.name}" names no model. Set \`model\`.`,
    );
  const reflectionModel = input.reflectionModel ?? model;
  await checkModel(deps, scope, { model, param: "model" });
  await checkModel(deps, scope, { model: reflectionModel, param: "reflectionModel" });
  if (programOf(prompt.content).texts.length === 0)
    throw invalid("prompt", `"${input.prompt.name}" has no system, developer or user text that could be rewritten.`);
  await datasets.get(scope, datasetId);
  const { manifest } = await datasets.openVersion(scope, { datasetId, version });
  const [problem] = parseItemFilter(filter).problems;
  if (problem) throw invalid("dataset.filter", problem.message);
  const bound = await deps.scorers.bind(scope, input.scorers);
  const direction = bound[0]?.output.direction;
  if (direction === "none")
    throw invalid("scorers.0", `"${bound[0]?.key}" has no better or worse direction. Put another scorer first.`);
  return {
    prompt,
    root: manifest.root,
    bound,
    scorers: bound.map(toRunScorer),
    input: {
      ...input,
      model,
      reflectionModel,
      prompt: { name: input.prompt.name, version: prompt.version },
      scorers: bound.map((scorer, at) => fixedRef(scorer, input.scorers[at])),
    },
  };
}

/** A model that is not there is found out now, and not by every item. */
async function checkModel(
  { priceOf }: OptimisationDeps,
  { projectId }: Scope,
  { model, param }: { readonly model: string; readonly param: string },
): Promise<void> {
  try {
    await priceOf(projectId, { model, inputTokens: 1, outputTokens: 1 });
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error;
    throw new AppError(error.code, { message: `${param}: ${error.message}`, details: { param }, cause: error });
  }
}

/** As a rule of thumb, in English. */
const CHARACTERS_PER_TOKEN = 4;
const OUTPUT_TOKENS = 200;
const SAMPLES = 20;

/** The maximum usage of a search, from the length of the prompt and of some items. */
export async function estimateOptimisation(
  deps: OptimisationDeps,
  scope: Scope,
  { input: asked, signal }: { readonly input: OptimisationInput; readonly signal: AbortSignal },
): Promise<OptimisationEstimate> {
  const { input, prompt, root, bound } = await prepareOptimisation(deps, scope, asked);
  const parts = await readParts(deps.datasets, scope, { choice: { ...input, root }, signal });
  const sizes = { feedback: parts.feedback.length, selection: parts.selection.length, test: parts.test.length };
  const answers = input.budget.answers + 2 * sizes.test;
  const some = parts.feedback.slice(0, SAMPLES);
  const itemLength =
    some.reduce((sum, { inputs }) => sum + JSON.stringify(inputs).length, 0) / Math.max(1, some.length);
  const length = lengthOf(contentOf(prompt.content, programOf(prompt.content))) + itemLength;
  const each = Math.ceil(length / CHARACTERS_PER_TOKEN);
  const judges = await estimateJudges(deps, scope, { bound, answers, each, model: input.model });
  // A rewrite uses some items. It is requested once per attempt on these.
  const reflections =
    input.method === "gepa"
      ? Math.ceil(Math.max(0, input.budget.answers - sizes.selection) / (2 * input.minibatch))
      : 0;
  const reading = each * (1 + input.minibatch) + OUTPUT_TOKENS * input.minibatch;
  const tokens = answers * (each + OUTPUT_TOKENS) + judges.tokens + reflections * (reading + 3 * OUTPUT_TOKENS);
  const { projectId } = scope;
  const usd = await deps.priceOf(projectId, {
    model: input.model,
    inputTokens: answers * each,
    outputTokens: answers * OUTPUT_TOKENS,
  });
  const more = await deps.priceOf(projectId, {
    model: input.reflectionModel,
    inputTokens: reflections * reading,
    outputTokens: reflections * 3 * OUTPUT_TOKENS,
  });
  const warnings = [
    sizes.selection > input.budget.answers / 3
      ? "Fewer than three prompts can be tried on all selection items. Allow more answers, or use a smaller selection set."
      : "",
    tokens > input.budget.tokens ? "The search may exceed the token budget and then stops before its end." : "",
    judges.usd === null ? "The cost of judges is unknown, because one of their models has no price." : "",
    sizes.test < 30 ? `With ${sizes.test} test items, only a large improvement can be distinguished from chance.` : "",
  ].filter((warning) => warning !== "");
  return {
    parts: sizes,
    answers,
    judgeCalls: judges.calls,
    reflections,
    tokens,
    warnings,
    usd: usd === null || more === null || judges.usd === null ? null : usd + more + judges.usd,
  };
}

type Judging = {
  readonly bound: Prepared["bound"];
  readonly answers: number;
  /** Tokens of a request. */
  readonly each: number;
  readonly model: string;
};

/** The maximum number of judge calls, at the highest known price. */
async function estimateJudges(deps: OptimisationDeps, scope: Scope, { bound, answers, each, model }: Judging) {
  const characters = (each + OUTPUT_TOKENS) * CHARACTERS_PER_TOKEN;
  const sum = { calls: 0, tokens: 0, usd: 0 as number | null };
  for (const scorer of bound)
    for (const line of await estimateJudge(deps, scope, { scorer, samples: answers, characters, models: [model] })) {
      sum.calls += line.calls;
      sum.tokens += line.inputTokens + line.outputTokens;
      sum.usd = sum.usd === null || line.usd === null ? null : sum.usd + line.usd;
    }
  return sum;
}
