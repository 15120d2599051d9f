import type { RequiredEvaluation, RequiredEvaluationInput } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import { wholeList } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { ModelEvaluationDeps } from "./deps.ts";
import { createRunEvaluation, evaluationJob } from "./run-evaluation.ts";
import { createRequiredStore, type RequiredRow } from "./store.ts";

/** More would make every training wait for hours. */
const MOST = 20;

type Which = { readonly name: string; readonly version: number };

/** Compares every trained model with its base, on held-out data and on the project's required evaluations. */
export function createModelEvaluations(deps: ModelEvaluationDeps) {
  const { db, jobs, audit, clock, datasets, registry } = deps;
  jobs.register(evaluationJob, createRunEvaluation(deps));

  async function present(scope: Scope, rows: readonly RequiredRow[]): Promise<RequiredEvaluation[]> {
    const names = await deps.namesOf(scope.projectId, [...new Set(rows.map(({ createdBy }) => createdBy))]);
    return rows.map(({ id, input, createdBy, createdAt }) => ({
      ...input,
      requiredEvaluationId: id,
      createdBy: names.get(createdBy) ?? createdBy,
      createdAt: createdAt.toISOString(),
    }));
  }

  return {
    async list(scope: Scope) {
      return wholeList(await present(scope, await createRequiredStore(db).list(scope.projectId)));
    },

    async add(scope: Scope, input: RequiredEvaluationInput): Promise<RequiredEvaluation> {
      await datasets.openVersion(scope, input.dataset);
      const store = createRequiredStore(db);
      const known = await store.list(scope.projectId);
      if (known.some((row) => row.input.name === input.name))
        throw new AppError("conflict", {
          message: `There is already a required evaluation "${input.name}". Choose another name.`,
        });
      if (known.length >= MOST)
        throw new AppError("conflict", {
          message: `A project has at most ${MOST} required evaluations. Delete one first.`,
        });
      const row = {
        id: newId("rev", clock.now()),
        projectId: scope.projectId,
        input,
        createdBy: scope.actor,
        createdAt: new Date(clock.now()),
      };
      await db.transaction(async (tx) => {
        await createRequiredStore(tx).add(row);
        await audit.record(
          scope,
          { action: "required-evaluation.add", target: row.id, details: { name: input.name } },
          tx,
        );
      });
      const [added] = await present(scope, [row]);
      return added ?? Promise.reject(new Error("what was added was not presented"));
    },

    async remove(scope: Scope, id: string): Promise<{ ok: true }> {
      if (!(await createRequiredStore(db).remove(scope.projectId, id))) throw notFound("required evaluation", id);
      await audit.record(scope, { action: "required-evaluation.delete", target: id, details: {} }, db);
      return { ok: true };
    },

    /** Evaluates a version as a job. A version is not evaluated twice concurrently. */
    async evaluate(scope: Scope, which: Which): Promise<{ jobId: string }> {
      await registry.find(scope, which);
      const title = `Compare ${which.name}@${which.version} with its base`;
      const key = `${which.name}@${which.version}`;
      const jobId = await db.transaction((tx) =>
        jobs.send(tx, scope, { kind: evaluationJob, payload: { ...which }, title, key, subject: key }),
      );
      return { jobId };
    },
  };
}
export type ModelEvaluations = ReturnType<typeof createModelEvaluations>;
