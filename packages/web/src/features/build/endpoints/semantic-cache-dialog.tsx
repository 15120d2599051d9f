import { Link } from "@tanstack/react-router";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Dialog, DialogActions } from "../../../components/overlay/dialog.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { formatCount } from "../../../components/text/format.ts";
import type { Endpoint } from "./use-endpoints.ts";
import {
  rateWords,
  type SemanticCacheStatus,
  stateWords,
  useClearSemanticCache,
  useRestartSemanticCache,
} from "./use-semantic-cache.ts";

type DialogProps = { endpoint: Endpoint; status: SemanticCacheStatus; canWrite: boolean; close: () => void };

/** What the semantic cache of an endpoint measured, and the false hits with their traces. */
export function SemanticCacheDialog({ endpoint, status, canWrite, close }: DialogProps) {
  return (
    <Dialog
      title={`Semantic cache of ${endpoint.name}`}
      description="Treadle answers some matches with the model anyway and compares both answers."
      close={close}
      width="wide"
    >
      <div className="flex flex-col gap-4">
        <Facts status={status} />
        {status.recentFalseHits.length > 0 && <FalseHits status={status} />}
        {canWrite && <Actions endpoint={endpoint} />}
      </div>
    </Dialog>
  );
}

function Facts({ status }: { status: SemanticCacheStatus }) {
  const facts = [
    ["State", stateWords(status)],
    ["False hits", rateWords(status)],
    ["Stored answers", formatCount(status.entries)],
  ] as const;
  return (
    <dl className="num grid grid-cols-[8rem_minmax(0,1fr)] gap-x-6 gap-y-2 max-sm:grid-cols-1">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

type FalseHit = SemanticCacheStatus["recentFalseHits"][number];

const trace = (traceId: string, words: string) => (
  <Link to="/traces/$traceId" params={{ traceId }} className="underline underline-offset-2">
    {words}
  </Link>
);
const COLUMNS: PlainColumn<FalseHit>[] = [
  { id: "time", header: "Checked", cell: ({ checkedAt }) => <AgoCell iso={checkedAt} /> },
  { id: "question", header: "Question", cell: ({ traceId }) => trace(traceId, "Trace") },
  { id: "source", header: "Cached answer", cell: ({ sourceTraceId }) => trace(sourceTraceId, "Trace") },
  { id: "likeness", header: "Similarity", isNumber: true, cell: ({ similarity }) => similarity.toFixed(3) },
];

const FalseHits = ({ status }: { status: SemanticCacheStatus }) => (
  <div>
    <h3 className="mb-1 font-medium">Recent false hits</h3>
    <PlainTable
      label="Recent false hits"
      columns={COLUMNS}
      rows={status.recentFalseHits}
      idOf={({ traceId, checkedAt }) => `${traceId} ${checkedAt}`}
    />
  </div>
);

function Actions({ endpoint: { endpointId } }: { endpoint: Endpoint }) {
  const restart = useRestartSemanticCache(endpointId);
  const clear = useClearSemanticCache(endpointId);
  return (
    <DialogActions>
      <Button
        isBusy={clear.isPending}
        onClick={() => clear.mutate(undefined, { onSuccess: () => toastDone("Deleted the stored answers") })}
      >
        Delete stored answers
      </Button>
      <Button
        kind="primary"
        isBusy={restart.isPending}
        onClick={() => restart.mutate(undefined, { onSuccess: () => toastDone("The measurement starts again") })}
      >
        Measure again
      </Button>
    </DialogActions>
  );
}
