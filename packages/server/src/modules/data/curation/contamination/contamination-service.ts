import type { ContaminationFlag } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Jobs } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { CuratedDatasets } from "../stores/curated-datasets.ts";
import { createCurationStore } from "../stores/store.ts";
import { contaminationJob, createCheckContamination } from "./check-contamination.ts";
import { createCheckVersion, versionCheckJob } from "./check-version.ts";

type Deps = {
  readonly db: Postgres;
  readonly datasets: CuratedDatasets;
  readonly jobs: Pick<Jobs, "register" | "send">;
  readonly clock: Clock;
};

/** The contamination of datasets by evaluation datasets. */
export function createContamination(deps: Deps) {
  const { db, datasets, jobs } = deps;
  jobs.register(contaminationJob, createCheckContamination(deps));
  jobs.register(versionCheckJob, createCheckVersion(deps));
  return {
    /** Looks for a dataset that was just marked as evaluation, or changed since, in all others; within the transaction that did so. */
    checkMarked(scope: Scope, { datasetId, name }: { datasetId: string; name: string }, tx: Postgres): Promise<string> {
      const title = `Check ${name} against other datasets`.slice(0, 200);
      const payload = { evaluationDatasetId: datasetId };
      return jobs.send(tx, scope, { kind: contaminationJob, payload, title, subject: datasetId });
    },
    /** Looks for all evaluation datasets in the new version of another; within the transaction that makes the version. */
    checkCommitted(
      scope: Scope,
      { datasetId, name }: { datasetId: string; name: string },
      tx: Postgres,
    ): Promise<string> {
      const title = `Check ${name} for contamination by evaluation datasets`.slice(0, 200);
      return jobs.send(tx, scope, { kind: versionCheckJob, payload: { datasetId }, title, subject: datasetId });
    },
    /** The known findings for the current evaluation datasets. */
    async listContamination(scope: Scope, datasetId: string): Promise<ContaminationFlag[]> {
      await datasets.get(scope, datasetId);
      const marked = (await datasets.listAll(scope)).filter(({ isEvaluation }) => isEvaluation);
      return (await createCurationStore(db).listFlags(scope.projectId, datasetId)).flatMap((flag) => {
        const evaluation = marked.find((other) => other.datasetId === flag.evaluationDatasetId);
        return evaluation ? [{ ...flag, evaluationName: evaluation.name }] : [];
      });
    },
  };
}
