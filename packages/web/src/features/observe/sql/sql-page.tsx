import { getRouteApi } from "@tanstack/react-router";
import { Database, History, Play, Square } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { printKeys } from "../../../components/browser/keys.ts";
import { useStored } from "../../../components/browser/stored-state.ts";
import { EmptyState } from "../../../components/feedback/states.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Menu, MenuItem, MenuLabel } from "../../../components/overlay/menu.tsx";
import { formatAgo, formatDuration } from "../../../components/text/format.ts";
import { useProject } from "../../system/session/index.ts";
import { placeIn } from "./history.ts";
import { SqlEditor } from "./sql-editor.tsx";
import { SqlResults } from "./sql-results.tsx";
import { SqlSchemaPanel } from "./sql-schema.tsx";
import { type SqlState, useSqlRun } from "./use-sql.ts";

const route = getRouteApi("/shell/explore/sql");

const FIRST = `select
  response_model,
  count() as calls,
  round(quantile(0.95)(duration_ms)) as p95_ms,
  round(sum(cost_usd), 4) as usd
from spans
where kind = 'generation' and start_time > now() - interval 7 day
group by response_model
order by usd desc`;

/** Any question in SQL, over the spans and scores of this project alone. */
export function SqlPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { id } = useProject();
  const [draft, setDraft] = useStored(`sql-draft.${id}`, FIRST);
  // A statement in the URL comes from a shared link and overrides the draft.
  const [sql, setSql] = useState(search.sql ?? draft);
  const input = useRef<HTMLTextAreaElement>(null);
  const { state, history, run, cancel } = useSqlRun();
  function write(next: string) {
    setSql(next);
    setDraft(next);
  }
  function start() {
    void navigate({ search: (old) => ({ ...old, sql }), replace: true });
    void run(sql);
  }
  /** Inserts a name at the caret. */
  function insert(name: string) {
    const area = input.current;
    if (!area) return;
    area.setRangeText(name, area.selectionStart, area.selectionEnd, "end");
    write(area.value);
    area.focus();
  }
  const place = state.kind === "failed" && state.failure.position ? placeIn(sql, state.failure.position) : undefined;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_260px] items-start gap-4 max-lg:grid-cols-1">
      <div className="flex min-w-0 flex-col gap-3">
        <SqlEditor input={input} sql={sql} wrongLine={place?.line} onChange={write} onRun={start} />
        <div className="flex flex-wrap items-center gap-2">
          {state.kind === "running" ? (
            <Button onClick={cancel}>
              <Square aria-hidden size={12} /> Cancel
            </Button>
          ) : (
            <Button kind="primary" onClick={start} disabled={sql.trim() === ""}>
              <Play aria-hidden size={12} /> Run <kbd className="text-xs max-md:hidden">{printKeys("mod+Enter")}</kbd>
            </Button>
          )}
          <Menu
            trigger={
              <Button>
                <History aria-hidden size={14} className="text-muted" /> History
              </Button>
            }
          >
            {history.length === 0 && <MenuLabel>No statements run in this browser yet</MenuLabel>}
            {history.map((past) => (
              <MenuItem key={past.sql} onSelect={() => write(past.sql)}>
                <code className="line-clamp-2 text-xs break-words">{past.sql.replaceAll(/\s+/g, " ")}</code>
                <span className="text-xs text-muted">{formatAgo(past.at)}</span>
              </MenuItem>
            ))}
          </Menu>
          <span className="text-xs text-muted">Read-only, this project only, 30 seconds at most.</span>
        </div>
        <Outcome state={state} place={place} />
      </div>
      <SqlSchemaPanel onInsert={insert} />
    </div>
  );
}

function Outcome({ state, place }: { state: SqlState; place: ReturnType<typeof placeIn> | undefined }) {
  switch (state.kind) {
    case "idle":
      return (
        <EmptyState title="Results appear here" icon={<Database size={22} />}>
          Write a statement in ClickHouse SQL. The list shows the tables of this project.
        </EmptyState>
      );
    case "running":
      return (
        <>
          <Elapsed since={state.since} />
          {state.last && (
            <div className="opacity-60">
              <SqlResults answer={state.last} />
            </div>
          )}
        </>
      );
    case "done":
      return <SqlResults key={state.answer.elapsedMs} answer={state.answer} />;
    case "cancelled":
      return <p role="status">The statement was cancelled.</p>;
    case "failed":
      return (
        <div role="alert" className="rounded-card border border-bad/40 bg-bad-soft px-3 py-2">
          {place && (
            <p className="font-medium text-bad">
              Line {place.line}, column {place.column}
            </p>
          )}
          <p className="break-words">{state.failure.message}</p>
        </div>
      );
    default:
      return state satisfies never;
  }
}

/** How long the statement has been running. */
function Elapsed({ since }: { since: number }) {
  const [now, setNow] = useState(since);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, []);
  return (
    <p className="num text-muted">
      <span role="status" className="sr-only">
        Running…
      </span>
      <span aria-hidden>Running for {formatDuration(Math.max(0, now - since))}…</span>
    </p>
  );
}
