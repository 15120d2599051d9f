import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { saveFile } from "../../../../components/browser/save-file.ts";
import { JsonView } from "../../../../components/content/json-tree.tsx";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";

/** The trace as the API tells it, payloads and all. */
export function RawView({ traceId, count }: { traceId: string; count: number }) {
  const { id, client } = useProject();
  const trace = useQuery({
    queryKey: ["trace-raw", id, traceId],
    queryFn: ({ signal }) => client.call("GET /api/v1/traces/:traceId", { params: { traceId }, signal }),
    // It can be large, so it is retained only while it is visible.
    gcTime: 0,
    structuralSharing: false,
  });
  if (trace.error)
    return <ErrorState error={trace.error} retry={() => trace.refetch()} title="The whole trace could not be loaded" />;
  return (
    <div className="min-h-0 grow overflow-y-auto p-4">
      <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
        <p className="text-muted">
          <code className="text-xs">GET /api/v1/traces/{traceId}</code>
          {trace.data?.isCut && `: the first ${formatCount(trace.data.spans.length)} of ${formatCount(count)} spans`}
        </p>
        <Button
          disabled={!trace.data}
          onClick={() => saveFile(`trace-${traceId}.json`, JSON.stringify(trace.data, null, 2), "application/json")}
        >
          <Download aria-hidden size={14} /> Download
        </Button>
      </div>
      {trace.data ? <JsonView value={trace.data} label="The trace as JSON" /> : <Skeleton className="h-80 w-full" />}
    </div>
  );
}
