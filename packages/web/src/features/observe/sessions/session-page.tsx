import { getRouteApi, Link } from "@tanstack/react-router";
import { ListTree } from "lucide-react";
import type { ReactNode } from "react";
import { useKeys } from "../../../components/browser/keys.ts";
import { CopyButton } from "../../../components/feedback/copy-button.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { buttonLook } from "../../../components/form/button.tsx";
import { BackLink, PageHeader } from "../../../components/layout/page.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { useListAddress } from "../../../components/table/use-list-address.ts";
import { formatCompact, formatCount, formatDuration, formatMoney } from "../../../components/text/format.ts";
import { ToQueueButton } from "../../evaluate/to-queue/index.ts";
import { writeValue } from "../filter/index.ts";
import { TraceSheet } from "../traces/index.ts";
import { lengthOf } from "./session-columns.tsx";
import { SessionFeedback } from "./session-feedback.tsx";
import { Turn } from "./turn.tsx";
import { type SessionSummary, useSessionTurns } from "./use-sessions.ts";

const route = getRouteApi("/shell/sessions/$sessionId");

/** A conversation, turn by turn, with the trace of one turn in a side panel. */
export function SessionPage() {
  const { sessionId } = route.useParams();
  const search = route.useSearch();
  const { open, span } = search;
  const navigate = route.useNavigate();
  const list = useSessionTurns(sessionId);
  const turns = list.data?.pages.flatMap((page) => page.items) ?? [];
  const session = list.data?.pages[0]?.session;
  const change = useListAddress<typeof search>(
    search,
    ["open", "span"],
    (next, options) => void navigate({ search: (old) => ({ ...old, ...next }), ...options }),
  );
  const show = (traceId: string | undefined) => change({ open: traceId, span: undefined });
  const step = (by: number) => {
    const at = turns.findIndex(({ traceId }) => traceId === open);
    const next = turns[at + by];
    if (next) show(next.traceId);
  };
  useKeys("Turns", [
    { keys: "j", label: "Next turn", run: () => step(1) },
    { keys: "k", label: "Previous turn", run: () => step(-1) },
  ]);
  return (
    <div className="flex h-full min-w-0">
      <div className="h-full min-w-0 grow overflow-y-auto">
        <PageHeader
          title={sessionId}
          back={<BackLink to="/sessions" label="Sessions" />}
          beside={<CopyButton text={sessionId} label="Copy the session id" />}
          action={
            session && (
              <>
                <ToQueueButton body={{ from: "sessions", sessionIds: [sessionId] }} what="this session" size="normal" />
                <SpansLink session={session} />
              </>
            )
          }
        >
          {session ? <Facts session={session} /> : list.isPending && <Skeleton className="h-9 w-120 max-w-full" />}
        </PageHeader>
        <div className="max-w-240 px-6 pb-8 max-md:px-4">
          {list.error && turns.length === 0 ? (
            <ErrorState error={list.error} retry={() => list.refetch()} title="The session could not be loaded" />
          ) : list.isPending ? (
            <div aria-busy className="flex flex-col gap-3">
              {[0, 1, 2].map((turn) => (
                <div key={turn} className="card h-32 p-4">
                  <Skeleton className="h-4 w-60" />
                  <Skeleton className="mt-4 h-4 w-full" />
                </div>
              ))}
            </div>
          ) : turns.length === 0 ? (
            <EmptyState title="No data for this session">Its traces may have been deleted.</EmptyState>
          ) : (
            <>
              <SessionFeedback sessionId={sessionId} />
              <ol aria-label="Turns" className="flex flex-col gap-3">
                {turns.map((trace) => (
                  <Turn
                    key={trace.traceId}
                    sessionId={sessionId}
                    trace={trace}
                    isOpen={trace.traceId === open}
                    onOpen={() => show(trace.traceId === open ? undefined : trace.traceId)}
                  />
                ))}
              </ol>
              <MoreRows list={list} />
            </>
          )}
        </div>
      </div>
      {open && (
        <TraceSheet
          traceId={open}
          spanId={span}
          onSpan={(next) => navigate({ search: { open, span: next }, replace: true })}
          close={() => show(undefined)}
        />
      )}
    </div>
  );
}

function Facts({ session }: { session: SessionSummary }) {
  const facts = [
    ["Turns", formatCount(session.traceCount)],
    ["Spans", formatCount(session.spanCount)],
    ["Failed spans", formatCount(session.errorCount)],
    ["Length", formatDuration(lengthOf(session) || null)],
    ["Tokens", formatCompact(session.inputTokens + session.outputTokens)],
    ["Cost", formatMoney(session.costUsd)],
  ] as const;
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-2">
      {session.userId && (
        <Fact label="User">
          <Link to="/users/$userId" params={{ userId: session.userId }} className="text-accent hover:underline">
            {session.userId}
          </Link>
        </Fact>
      )}
      {facts.map(([label, value]) => (
        <Fact key={label} label={label}>
          {value}
        </Fact>
      ))}
    </dl>
  );
}

function SpansLink({ session }: { session: SessionSummary }) {
  return (
    <Link
      to="/traces"
      search={{
        view: "spans",
        filter: `session:${writeValue(session.sessionId)}`,
        from: session.firstTime,
        to: after(session.lastTime),
      }}
      className={buttonLook("plain")}
    >
      <ListTree aria-hidden size={14} className="text-muted" /> View spans
    </Link>
  );
}

/** A moment later, since the end of a span of time is not in it. */
const after = (iso: string) => new Date(Date.parse(iso) + 1_000).toISOString();

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-muted">{label}</dt>
      <dd className="num font-medium [overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}
