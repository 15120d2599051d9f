import {
  type Experiment,
  type ExperimentInput,
  type ExperimentVariant,
  parseItemFilter,
  type Run,
  type RunScorer,
  type ScorerRef,
} from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { BoundScorer, EvalDeps } from "../run/deps.ts";
import { experimentJob } from "../run/run-experiment.ts";
import { createExperimentStore, type ExperimentRow } from "../stores/experiment-store.ts";
import { createRunStore, type RunRow } from "../stores/run-store.ts";
import type { VariantGuards } from "../stores/stored-input.ts";
import { NO_TOTALS } from "./present.ts";

type Prepared = {
  readonly input: ExperimentInput;
  readonly root: string;
  readonly rows: number;
  readonly scorers: readonly RunScorer[];
  readonly bound: readonly BoundScorer[];
  readonly variants: readonly NonNullable<Run["variant"]>[];
};

/** Validates an experiment, and fixes every named version. Throws each problem with its place. */
export async function prepareExperiment(deps: EvalDeps, scope: Scope, input: ExperimentInput): Promise<Prepared> {
  const { datasets, scorers, prompts } = deps;
  const { datasetId, version, filter } = input.dataset;
  await datasets.get(scope, datasetId);
  const { manifest } = await datasets.openVersion(scope, { datasetId, version });
  const [problem] = parseItemFilter(filter).problems;
  if (problem)
    throw new AppError("invalid_request", {
      message: `dataset.filter: ${problem.message}`,
      details: { param: "dataset.filter" },
    });
  if (manifest.rows === 0)
    throw new AppError("unprocessable", {
      message: `The dataset has no items at "${version}". Add items, or name another version.`,
      details: { param: "dataset.version" },
    });
  const bound = await scorers.bind(scope, input.scorers);
  const variants: NonNullable<Run["variant"]>[] = [];
  for (const [at, variant] of input.variants.entries()) {
    const fixed = await fixVariant(prompts, scope, { variant, at });
    await checkModel(deps, scope, { model: fixed.model ?? "", at });
    variants.push(fixed);
  }
  return {
    root: manifest.root,
    rows: manifest.rows,
    variants,
    bound,
    scorers: bound.map(toRunScorer),
    input: { ...input, scorers: bound.map((scorer, at) => fixedRef(scorer, input.scorers[at])) },
  };
}

/** A model that is not there is found out now, and not by every item. */
async function checkModel({ priceOf }: EvalDeps, { projectId }: Scope, { model, at }: { model: string; at: number }) {
  try {
    await priceOf(projectId, { model, inputTokens: 1, outputTokens: 1 });
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error;
    const details = { param: `variants.${at}.model` };
    throw new AppError(error.code, { message: `variants.${at}: ${error.message}`, details, cause: error });
  }
}

async function fixVariant(
  prompts: EvalDeps["prompts"],
  scope: Scope,
  { variant, at }: { variant: ExperimentVariant; at: number },
): Promise<NonNullable<Run["variant"]>> {
  const { parameters, prompt } = variant;
  if (prompt === null) return { model: variant.model, prompt: null, messages: variant.messages, parameters };
  const found = await prompts.find(scope, prompt);
  const model = variant.model ?? found.model;
  if (model === null)
    throw new AppError("unprocessable", {
      message: `variants.${at}: neither the variant nor version ${found.version} of the prompt "${prompt.name}" names a model.`,
      details: { param: `variants.${at}.model` },
    });
  return { model, prompt: { name: prompt.name, version: found.version }, messages: null, parameters };
}

export const toRunScorer = ({ key, kind, version, signature, output }: BoundScorer): RunScorer => ({
  key,
  name: key,
  kind,
  version,
  signature,
  output,
});

/** A stored scorer by its id and version, so that it stays what it is. */
export const fixedRef = ({ scorerId, version, kind, params }: BoundScorer, ref: ScorerRef | undefined): ScorerRef =>
  scorerId !== null && version !== null
    ? { scorer: scorerId, version }
    : { kind, params: { ...params }, ...(ref && "kind" in ref && ref.name !== undefined && { name: ref.name }) };

type Chosen = { readonly guards?: readonly VariantGuards[] | undefined; readonly id?: string };

/** Writes an experiment, its runs and its job down, all or nothing. Gives its id. */
export function createStart(deps: EvalDeps) {
  const { db, jobs, audit, clock } = deps;
  return async function start(
    scope: Scope,
    asked: ExperimentInput,
    { guards = [], id = newId("exp", clock.now()) }: Chosen = {},
  ): Promise<Experiment["experimentId"]> {
    if (!scope.permissions.has("gateway:use"))
      throw new AppError("forbidden", {
        message: "Experiments call models, which needs the permission `gateway:use`.",
      });
    const prepared = await prepareExperiment(deps, scope, asked);
    const { name, dataset, baseline, budget } = prepared.input;
    if (baseline !== null && !(await createRunStore(db).find(scope.projectId, baseline)))
      throw notFound("run", baseline);
    const order = { kind: experimentJob, payload: { experimentId: id }, title: `Experiment ${name}`, subject: id };
    const rows = newRows(scope, { id, prepared, guards, now: clock.now() });
    await db.transaction(async (tx) => {
      const jobId = await jobs.send(tx, scope, order);
      await createExperimentStore(tx).create({ ...rows.experiment, jobId });
      await createRunStore(tx).create(rows.runs);
      const variants = prepared.variants.length;
      const details = { name, datasetId: dataset.datasetId, variants, budget, jobId };
      await audit.record(scope, { action: "experiment.start", target: id, details }, tx);
    });
    return id;
  };
}

type New = {
  readonly id: string;
  readonly prepared: Prepared;
  readonly guards: readonly VariantGuards[];
  readonly now: number;
};
type NewRows = { readonly experiment: Omit<ExperimentRow, "jobId">; readonly runs: readonly RunRow[] };

function newRows({ projectId, actor: createdBy }: Scope, { id, prepared, guards, now }: New): NewRows {
  const { input, root } = prepared;
  const { name, description, dataset, baseline, suite, tags } = input;
  const common = { projectId, createdBy, createdAt: new Date(now), endedAt: null, suite, tags };
  const shared = { ...common, status: "queued" as const, datasetId: dataset.datasetId, root, itemSetId: null };
  const experiment = {
    ...shared,
    id,
    name,
    description,
    input: guards.length > 0 ? { ...input, guards } : input,
    baseline,
    items: null,
    stopped: null,
    error: null,
    spent: { calls: 0, tokens: 0, usd: 0, unpricedCalls: 0 },
  };
  const ids = { experimentId: id, newRunId: () => newId("run", now) };
  return { experiment, runs: runFieldsOf(prepared, ids).map((fields) => ({ ...shared, ...NO_RESULTS, ...fields })) };
}

type Ids = { readonly experimentId: string; readonly newRunId: () => string };

/** What the run of each variant has of its own. */
const runFieldsOf = ({ input, scorers, variants }: Prepared, { experimentId, newRunId }: Ids) =>
  variants.map((variant, ordinal) => ({
    id: newRunId(),
    experimentId,
    ordinal,
    name: input.variants[ordinal]?.name ?? "",
    variant,
    scorerRefs: input.scorers,
    scorers: [...scorers],
    repeats: input.repeats,
    source: input.source,
    branch: input.source.branch,
    versions: input.versions,
  }));

/** A run before its first answer. */
const NO_RESULTS = {
  origin: "experiment" as const,
  planned: null,
  totals: NO_TOTALS,
  scores: [],
  scoring: null,
  ruleId: null,
  gate: null,
  jobId: null,
};
