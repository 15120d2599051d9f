import type { Clock } from "../../../kernel/clock.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Columnar } from "../../../platform/columnar/port.ts";
import type { Jobs } from "../../../platform/jobs/port.ts";
import type { Objects } from "../../../platform/objects/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Traces } from "../../observe/traces/index.ts";
import type { Audit } from "../../system/audit/index.ts";
import { createDiffer } from "./chunks/diff-manifests.ts";
import { createItemStreams } from "./chunks/item-streams.ts";
import { createManifests } from "./chunks/manifest.ts";
import { createDatasetList } from "./datasets-service.ts";
import { createDrafts, type NamesOf } from "./drafts/drafts-service.ts";
import { createDraftMoves } from "./drafts/move-drafts.ts";
import type { PushInput } from "./drafts/push-step.ts";
import { createPlaces } from "./drafts/resolve-ref.ts";
import { createLiveLinks } from "./from-traces/live-links.ts";
import { createTraceItems } from "./from-traces/service.ts";
import { createItemChanges } from "./items/change-items.ts";
import { createBulkChanges } from "./items/change-job.ts";
import { createItemEdits } from "./items/edit-items.ts";
import { createItemHistory } from "./items/item-history.ts";
import { createItems } from "./items/items-service.ts";
import { createIndexing } from "./rows/index-rows.ts";
import { createItemFinder } from "./rows/locate-items.ts";
import { createSweep, SWEEP_KIND } from "./sweep-objects.ts";
import { createTransfer } from "./transfer/service.ts";
import type { PeopleOf } from "./versions/branch-authors.ts";
import { createBranches } from "./versions/branches-service.ts";
import { createDiffs } from "./versions/diff-service.ts";
import { createMerging } from "./versions/merge-service.ts";
import { createTags } from "./versions/tags-service.ts";
import { createVersions } from "./versions/versions-service.ts";
import { createVersionWriter, type EvaluationWatch } from "./versions/write-version.ts";

export type DatasetsDeps = EvaluationWatch & {
  readonly db: Postgres;
  readonly columnar: Columnar;
  readonly objects: Objects;
  readonly jobs: Pick<Jobs, "register" | "send">;
  readonly traces: Pick<Traces, "picked" | "listReceived">;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
  readonly namesOf: NamesOf;
  readonly peopleOf: PeopleOf;
  readonly embed: (texts: readonly string[], signal: AbortSignal) => Promise<readonly (readonly number[])[]>;
};

/** Datasets: items in immutable versions, drafts in which they change, and branches. */
export function createDatasets(deps: DatasetsDeps) {
  const { db, objects, jobs, clock } = deps;
  const manifests = createManifests(objects);
  const streams = createItemStreams({ db, objects, manifests, clock });
  const indexing = createIndexing(deps);
  const places = createPlaces({ db, manifests });
  const finder = createItemFinder({ objects, indexing });
  const diff = createDiffer(objects);
  const shared = { ...deps, manifests, streams, indexing, places, finder, diff, sendIndexing: indexing.send };
  const sweep = createSweep({ ...shared, rows: indexing.rows });
  jobs.register(SWEEP_KIND, sweep.handler);
  const drafts = createDrafts(shared);
  const writer = createVersionWriter(shared);
  const versions = createVersions({ ...shared, drafts, writer });
  const list = createDatasetList({ ...shared, writer, sendSweep: sweep.send });
  const edits = createItemEdits({ ...shared, drafts });
  const transfer = createTransfer({ ...shared, drafts });

  return {
    list,
    drafts,
    moves: createDraftMoves({ ...shared, drafts }),
    versions,
    tags: createTags(shared),
    branches: createBranches(shared),
    merging: createMerging({ ...shared, versions, writer }),
    items: createItems(shared),
    history: createItemHistory(shared),
    edits,
    changeMany: createBulkChanges({ ...shared, drafts, changeMany: createItemChanges({ ...shared, drafts }) }),
    diff: createDiffs(shared),
    traceItems: createTraceItems({ ...shared, edits }),
    liveLinks: createLiveLinks({ ...shared, edits }),
    transfer,
    /** The dataset functions for curation and other work on whole datasets. */
    whole: {
      get: list.get,
      listAll: list.listAll,
      readItems: streams.readItems,
      writeItems: streams.writeItems,
      pushStep: (scope: Scope, input: PushInput, tx: Postgres) => drafts.push(scope, input, tx),
      async openDraft(scope: Scope, { datasetId, branch }: { datasetId: string; branch: string }) {
        const { manifest, branch: row } = await places.head(scope, datasetId, branch);
        const { secret } = await list.find(scope, datasetId);
        return { manifest, revision: row.revision, secret: Buffer.from(secret, "hex") };
      },
      async openVersion(scope: Scope, { datasetId, version: at }: { datasetId: string; version: string }) {
        const { manifest, version, draft } = await places.open(scope, { datasetId, at });
        if (version) return { manifest, steps: version.steps };
        const { steps, applied } = draft
          ? await drafts.get(scope, { datasetId, branch: draft.branch.name })
          : { steps: [], applied: 0 };
        return { manifest, steps: steps.slice(0, applied) };
      },
    },
  };
}
export type Datasets = ReturnType<typeof createDatasets>;
