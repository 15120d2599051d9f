import type {
  RetrievalGrid,
  RetrievalGridInput,
  RetrievalRun,
  RetrievalRunInput,
  RetrievalVariant,
} from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { findSet } from "../sets/find-set.ts";
import type { RetrievalDeps } from "../stores/deps.ts";
import { createRunStore, type RunRow } from "../stores/run-store.ts";
import { createSetStore, type SetRow } from "../stores/set-store.ts";
import { checkVersion } from "./check-version.ts";
import { nameVariant } from "./name-variant.ts";
import { createPresent } from "./present-run.ts";
import { retrievalJob } from "./run-job.ts";

type Plan = { readonly variants: readonly RetrievalVariant[]; readonly principals: readonly string[] };
type NewRun = Omit<RunRow, "jobId">;

export function createStart(deps: RetrievalDeps) {
  const present = createPresent(deps);

  return {
    async startRun(scope: Scope, setId: string, { principals, ...variant }: RetrievalRunInput): Promise<RetrievalRun> {
      const set = await findSet(deps.db, scope, setId);
      const [run] = await planRuns(deps, scope, { set, plan: { variants: [variant], principals }, gridId: null });
      if (!run) throw new AppError("internal");
      return present(scope, await saveRun(deps, scope, { set, run }));
    },

    /** All settings are checked before the first run starts. */
    async startGrid(scope: Scope, setId: string, plan: RetrievalGridInput): Promise<RetrievalGrid> {
      const set = await findSet(deps.db, scope, setId);
      const gridId = newId("rgrid", deps.clock.now());
      const planned = await planRuns(deps, scope, { set, plan, gridId });
      const rows: RetrievalGrid["rows"] = [];
      for (const run of planned)
        rows.push({ run: await present(scope, await saveRun(deps, scope, { set, run })), difference: null });
      return { gridId, measure: "ndcg10", rows };
    },
  };
}

type Planned = { readonly set: SetRow; readonly plan: Plan; readonly gridId: string | null };

async function planRuns(
  { db, knowledge, clock }: RetrievalDeps,
  scope: Scope,
  { set, plan, gridId }: Planned,
): Promise<NewRun[]> {
  const base = await knowledge.get(scope, set.baseId);
  const questions = (await createSetStore(db).countsOf([set.id])).get(set.id)?.questions ?? 0;
  if (questions === 0) throw conflict(`The question set "${set.name}" has no questions. Add questions first.`);
  const { projectId, actor: createdBy } = scope;
  const shared = { projectId, baseId: set.baseId, setId: set.id, gridId, summary: null, createdBy };
  const runs: NewRun[] = [];
  for (const variant of plan.variants) {
    const version = variant.version ?? base.liveVersion;
    if (version === null)
      throw conflict(`The knowledge base "${base.name}" has no live version. Index a document first.`);
    await checkVersion({ knowledge }, scope, { baseId: set.baseId, version });
    const searching = { ...base.searching, ...variant.searching };
    const settings = { searching, principals: plan.principals, limit: variant.limit, overlap: set.overlap, questions };
    const name = variant.name ?? nameVariant({ version }, searching);
    const now = clock.now();
    runs.push({ ...shared, id: newId("rrun", now), name, version, settings, createdAt: new Date(now) });
  }
  return runs;
}

async function saveRun(
  { db, jobs, audit }: RetrievalDeps,
  scope: Scope,
  { set, run }: { readonly set: SetRow; readonly run: NewRun },
): Promise<RunRow> {
  return db.transaction(async (tx) => {
    const order = { kind: retrievalJob, payload: { runId: run.id }, subject: run.id };
    const jobId = await jobs.send(tx, scope, { ...order, title: `Evaluate ${set.name}: ${run.name}` });
    const row = { ...run, jobId };
    await createRunStore(tx).create(row);
    const details = { questionSet: set.name, name: run.name, version: run.version, jobId };
    await audit.record(scope, { action: "retrieval-run.start", target: run.id, details }, tx);
    return row;
  });
}

const conflict = (message: string) => new AppError("conflict", { message });
