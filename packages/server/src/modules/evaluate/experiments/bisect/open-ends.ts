import type { BisectStep, RunScorer, ScorerRef } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { scorerOf } from "../results/run-items.ts";
import type { EvalDeps } from "../run/deps.ts";
import { fixedVariant } from "../run/open-experiment.ts";
import { createExperimentStore } from "../stores/experiment-store.ts";
import { createRunStore, type RunRow } from "../stores/run-store.ts";
import { changedVersions, kindOf, planPath, type RootOnWay, type Side, type State } from "./plan-path.ts";
import { versionWay } from "./version-way.ts";

/** One end of the search: a run, and how its answers were scored. */
export type End = {
  readonly row: RunRow;
  readonly scorer: RunScorer;
  readonly ref: ScorerRef;
  readonly side: Side | null;
};
export type Ends = { readonly good: End; readonly bad: End };
/** The path between the two ends: states that can run again, or only the existing runs. */
export type Way = {
  readonly steps: readonly BisectStep[];
  readonly states: readonly State[] | null;
  /** The testable positions. */
  readonly stops: readonly number[];
  /** Existing runs, by position. */
  readonly runIds: Readonly<Record<string, string>>;
};

/** Opens both ends. Throws `conflict` for a run that has not ended, and `unprocessable` for two that cannot be compared. */
export async function openEnds(
  db: Postgres,
  scope: Scope,
  { good, bad, key }: { good: RunRow; bad: RunRow; key: string | undefined },
): Promise<Ends> {
  for (const { id, status } of [good, bad])
    if (status !== "done" && status !== "cancelled")
      throw new AppError("conflict", { message: `The run ${id} is ${status}. Wait until it has finished.` });
  if (good.id === bad.id) throw refusal("good and bad are the same run.");
  const scorer = scorerOf(bad, key);
  if (!scorer) throw refusal(`The run ${bad.id} has no scores.`);
  if (scorer.output.direction === "none") throw refusal(`The score "${scorer.key}" has no better or worse direction.`);
  const open = (row: RunRow) => openEnd(db, scope, { row, key: scorer.key });
  return { good: await open(good), bad: await open(bad) };
}

async function openEnd(db: Postgres, scope: Scope, { row, key }: { row: RunRow; key: string }): Promise<End> {
  const scorer = scorerOf(row, key);
  const ref = row.scorerRefs[row.scorers.findIndex((one) => one.key === key)];
  if (!scorer || !ref) throw refusal(`The run ${row.id} has no score "${key}".`);
  if (row.experimentId === null || row.variant === null) return { row, scorer, ref, side: null };
  const experiment = await createExperimentStore(db).find(scope.projectId, row.experimentId);
  if (!experiment) throw refusal(`The experiment of the run ${row.id} was deleted.`);
  const { root, versions } = row;
  const side = { variant: fixedVariant(experiment.input, row), judge: scorer.signature, root: root ?? "", versions };
  return { row, scorer, ref, side };
}

/** The path between the ends. Throws `unprocessable` if nothing differs, or if the path is unknown. */
export async function findWay({ db, datasets }: WayDeps, scope: Scope, { good, bad }: Ends): Promise<Way> {
  const ends = (length: number) => ({ "0": good.row.id, [length]: bad.row.id });
  if (good.side && bad.side) {
    const { steps, states, stops } = planPath(good.side, bad.side, await rootsBetween(datasets, scope, { good, bad }));
    if (steps.length === 0)
      throw refusal(
        "Both runs have the same prompt, model, parameters, items and scorer, so there is no change to find.",
      );
    return { steps, states, stops, runIds: ends(steps.length) };
  }
  const runs = await runsBetween(db, scope, [good.row, bad.row]);
  const steps = runs.slice(1).map((row, at): BisectStep => {
    return { index: at + 1, ...betweenRuns(runs[at] ?? row, row), isRunnable: false };
  });
  const stops = runs.map((_, at) => at);
  return { steps, states: null, stops, runIds: Object.fromEntries(runs.map(({ id }, at) => [at, id])) };
}

type WayDeps = Pick<EvalDeps, "db" | "datasets">;

/** The versions of the dataset from the good run's to the bad run's. Empty if there is no path. */
async function rootsBetween(datasets: WayDeps["datasets"], scope: Scope, { good, bad }: Ends): Promise<RootOnWay[]> {
  const { datasetId, root: from } = good.row;
  const to = bad.row.root;
  if (datasetId === null || datasetId !== bad.row.datasetId || from === null || to === null || from === to) return [];
  const versions = await datasets.listVersions(scope, datasetId).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "not_found") return [];
    throw error;
  });
  const way = versionWay(versions, { from, to });
  if (!way) return [];
  const first = versions.find(({ root }) => root === from);
  return [{ root: from, number: first?.number }, ...way].map(({ root, number }) => ({
    root,
    label: `version ${number}`,
  }));
}

/** The changes between two uploaded runs: commits, and named versions. */
function betweenRuns(good: RunRow, bad: RunRow): Omit<BisectStep, "index" | "isRunnable"> {
  const [before, after] = [codeOf(good), codeOf(bad)];
  const named = changedVersions(good.versions, bad.versions);
  const label = named.map((one) => `${one.name}: ${one.before} → ${one.after}`).join(", ");
  const [only] = named;
  const isSameCode = good.source.commit !== null && good.source.commit === bad.source.commit;
  if (!only) return { kind: "code", label: `${before} → ${after}`, before, after };
  if (isSameCode || bad.source.commit === null)
    return { kind: kindOf(only.name), label, before: only.before, after: only.after };
  return { kind: "code", label: `${before} → ${after}, ${label}`, before, after };
}

/** The runs of one suite and branch in their order, of which the ends are the first and the last. */
async function runsBetween(
  db: Postgres,
  { projectId }: Scope,
  [good, bad]: readonly [RunRow, RunRow],
): Promise<RunRow[]> {
  if (good.suite === null || good.suite !== bad.suite || good.createdAt > bad.createdAt) return [good, bad];
  const filter = {
    suite: good.suite,
    ...(bad.branch !== null && { branch: bad.branch }),
    status: "done",
    search: "",
  } as const;
  const rows = await createRunStore(db).list(projectId, filter, { limit: MOST_RUNS, after: null });
  const between = rows.filter(
    ({ id, createdAt, name }) =>
      id !== good.id && id !== bad.id && createdAt > good.createdAt && createdAt < bad.createdAt && name === bad.name,
  );
  return [good, ...between.reverse(), bad];
}

const MOST_RUNS = 500;
const codeOf = ({ source, name, id }: RunRow) => source.commit?.slice(0, 12) ?? `${name} (${id})`;
const refusal = (message: string) => new AppError("unprocessable", { message });
