import type { Secrets } from "../../../../platform/secrets/port.ts";
import type { ConnectorDeps } from "../connectors/shared/port.ts";
import type { IndexJob } from "../indexing/index-job.ts";
import type { KnowledgeDeps } from "../stores/deps.ts";
import type { SourceRow } from "../stores/source-store.ts";

export type SyncDeps = KnowledgeDeps & {
  readonly secrets: Secrets;
  readonly connectors: ConnectorDeps;
};
export type SyncMeans = SyncDeps & { readonly index: IndexJob };

/** A secret is bound to its source and to the place that it is sent to. */
export const secretContextOf = ({ id }: Pick<SourceRow, "id">, place: string) => `knowledge-source ${id} ${place}`;
