import { getRouteApi } from "@tanstack/react-router";
import { MessagesSquare } from "lucide-react";
import { EmptyState } from "../../../components/feedback/states.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { formatCount, formatMoney, formatNumberOf } from "../../../components/text/format.ts";
import { FilteredList } from "../filter/index.ts";
import { SESSION_COLUMNS } from "./session-columns.tsx";
import { SessionsToQueue } from "./sessions-to-queue.tsx";
import { type SessionSummary, useSessions } from "./use-sessions.ts";

const route = getRouteApi("/shell/sessions");
const idOf = ({ sessionId }: SessionSummary) => sessionId;

/** Conversations: traces that name the same session. */
export function SessionsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <FilteredList
      title="Sessions"
      description="Conversations with one or more traces, most recently active first."
      what="session"
      columns={SESSION_COLUMNS}
      idOf={idOf}
      narrow={(session) => <NarrowSession session={session} />}
      useRows={useSessions}
      search={search}
      change={(next, isNewPlace = false) =>
        void navigate({ search: (old) => ({ ...old, ...next }), replace: !isNewPlace })
      }
      onOpen={({ sessionId }) => navigate({ to: "/sessions/$sessionId", params: { sessionId } })}
      selected={(chosen) => <SessionsToQueue sessionIds={chosen.map(idOf)} />}
      empty={
        <EmptyState
          title="No sessions in this time range"
          icon={<MessagesSquare size={22} />}
          code={`curl … -H "x-treadle-session: chat-42" -H "x-treadle-user: ana"`}
        >
          Treadle groups calls with the same session id into one conversation. Send the id with each call.
        </EmptyState>
      }
    />
  );
}

function NarrowSession({ session }: { session: SessionSummary }) {
  return (
    <>
      <div className="flex items-center justify-between gap-2">
        <span dir="auto" className="truncate font-medium">
          {session.sessionId}
        </span>
        <AgoCell iso={session.lastTime} />
      </div>
      <div className="num mt-1 flex items-center gap-3 overflow-hidden whitespace-nowrap text-muted">
        <span>{formatNumberOf(session.traceCount, "trace")}</span>
        {session.errorCount > 0 && <span className="text-bad">{formatCount(session.errorCount)} failed</span>}
        {session.costUsd !== null && <span>{formatMoney(session.costUsd)}</span>}
        <span dir="auto" className="truncate">
          {session.userId}
        </span>
      </div>
    </>
  );
}
