import { BulkChange, type ChangeAnswer, ItemSelection } from "@treadle/contract";
import { z } from "zod";
import type { Scope } from "../../../../kernel/scope.ts";
import type { JobKind, Jobs } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Drafts, On } from "../drafts/drafts-service.ts";
import type { Places } from "../drafts/resolve-ref.ts";
import { describeChange } from "./apply-change.ts";
import type { ItemChanges } from "./change-items.ts";

type Deps = {
  readonly db: Postgres;
  readonly jobs: Pick<Jobs, "register" | "send">;
  readonly places: Places;
  readonly drafts: Drafts;
  readonly changeMany: ItemChanges;
};

const Payload = z.object({
  datasetId: z.string(),
  branch: z.string(),
  revision: z.number(),
  select: ItemSelection,
  change: BulkChange,
});
type Payload = z.infer<typeof Payload>;
const CHANGE_KIND: JobKind<Payload, null> = { name: "dataset-change", payload: Payload, state: z.null() };
/** A draft with more items than this is changed by a job. */
const MOST_AT_ONCE = 50_000;

/** Changes of many items: at once where that is quick, otherwise as a job on the draft as it was seen. */
export function createBulkChanges({ db, jobs, places, drafts, changeMany }: Deps) {
  jobs.register(CHANGE_KIND, {
    async run({ scope, payload }) {
      const { select, change, ...on } = payload;
      const { counts, draft } = await changeMany(scope, on, { select, change });
      return { counts, revision: draft.revision };
    },
  });

  return async (
    scope: Scope,
    on: On,
    { select, change }: { select: ItemSelection; change: BulkChange },
  ): Promise<ChangeAnswer> => {
    const { manifest, branch } = await places.head(scope, on.datasetId, on.branch);
    if (manifest.rows <= MOST_AT_ONCE || "itemIds" in select) return changeMany(scope, on, { select, change });
    const payload = {
      datasetId: on.datasetId,
      branch: on.branch,
      revision: on.revision ?? branch.revision,
      select,
      change,
    };
    const title = describeChange(change, "many items").slice(0, 200);
    const jobId = await db.transaction((tx) =>
      jobs.send(tx, scope, { kind: CHANGE_KIND, payload, title, subject: on.datasetId }),
    );
    return { draft: await drafts.get(scope, on), counts: { added: 0, removed: 0, changed: 0 }, jobId };
  };
}
