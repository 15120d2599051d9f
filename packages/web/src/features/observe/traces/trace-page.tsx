import { getRouteApi } from "@tanstack/react-router";
import { Link2 } from "lucide-react";
import { useEffect } from "react";
import { CopyButton, copyText } from "../../../components/feedback/copy-button.tsx";
import { ErrorState } from "../../../components/feedback/states.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button } from "../../../components/form/button.tsx";
import { BackLink } from "../../../components/layout/page.tsx";
import { Tabs } from "../../../components/layout/tabs.tsx";
import { useProject } from "../../system/session/index.ts";
import { TraceComments } from "./explorer/trace-comments.tsx";
import { TraceExplorer } from "./explorer/trace-explorer.tsx";
import { TRACE_VIEWS, type TraceSearchParams, viewOf } from "./explorer/trace-search.ts";
import { useTrace } from "./model/use-trace.ts";
import { nameOf, TraceSkeleton, TraceTotals } from "./tree/trace-parts.tsx";

const route = getRouteApi("/shell/traces/$traceId");

/** One trace as a full page, to read and to share. */
export function TracePage() {
  const { traceId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const trace = useTrace(traceId);
  const loaded = trace.data?.traceId === traceId ? trace.data : undefined;
  // The page stays where it is: the router would scroll the tree back to where it was when a span is opened by its key.
  const change = (next: TraceSearchParams) =>
    void navigate({ search: (old) => ({ ...old, ...next }), replace: true, resetScroll: false });
  const name = loaded ? nameOf(loaded) : "Trace";
  useEffect(() => {
    document.title = `${name} · Treadle`;
  }, [name]);
  return (
    <div className="flex h-full flex-col">
      <header className="border-line border-b bg-panel px-6 pt-3 max-md:px-4">
        <div className="flex items-start gap-2">
          <div className="min-w-0 grow">
            <BackLink to="/traces" label="Traces" />
            <h1 dir="auto" className="truncate text-left text-xl font-semibold tracking-tight" title={name}>
              {name}
            </h1>
          </div>
          <TraceComments traceId={traceId} />
          <ShareButton />
        </div>
        <div className="mt-0.5 flex flex-wrap items-center gap-x-4">
          <TraceTotals trace={loaded} isPending={trace.isPending} />
          <span className="flex min-w-0 items-center gap-1 text-muted">
            <code className="truncate text-xs">{traceId}</code>
            <CopyButton text={traceId} label="Copy trace id" />
          </span>
        </div>
        <div className="-mb-px overflow-x-auto [scrollbar-width:none]">
          <Tabs
            label="Trace views"
            names={TRACE_VIEWS}
            shown={viewOf(search)}
            onShow={(view) => change({ view: view.toLowerCase() })}
          />
        </div>
      </header>
      {loaded ? (
        <TraceExplorer key={traceId} trace={loaded} search={search} change={change} />
      ) : trace.error ? (
        <ErrorState error={trace.error} retry={() => trace.refetch()} title="This trace could not be loaded" />
      ) : (
        <TraceSkeleton />
      )}
    </div>
  );
}

/** Copies the URL of the current view, including the project, for other project members. */
function ShareButton() {
  const { id } = useProject();
  async function share() {
    const address = new URL(location.href);
    address.searchParams.set("project", id);
    if (await copyText(address.href)) toastDone("Copied a link to this view. Project members can open it.");
  }
  return (
    <Button
      kind="quiet"
      className="max-md:w-8 max-md:px-0!"
      aria-label="Copy link to this view"
      title="Copy link to this view"
      onClick={share}
    >
      <Link2 aria-hidden size={15} />
      <span className="max-md:sr-only">Copy link</span>
    </Button>
  );
}
