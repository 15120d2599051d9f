import { Link, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { explain } from "../../../api.ts";
import { Button } from "../../../components/form/button.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { AgoCell, DurationCell, MoneyCell, StatusCell, TextCell } from "../../../components/table/cells.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { formatCompact, formatCount, formatDuration, formatMoney } from "../../../components/text/format.ts";
import { addCondition, writeValue } from "../filter/index.ts";
import { filterOf, type UserActivity } from "./use-users.ts";

type Session = NonNullable<UserActivity["sessions"]["data"]>["items"][number];
type Trace = NonNullable<UserActivity["traces"]["data"]>["items"][number];
type Group = NonNullable<UserActivity["models"]["data"]>["rows"][number];

const SESSION_COLUMNS: readonly PlainColumn<Session>[] = [
  {
    id: "id",
    header: "Session",
    className: "max-w-100 truncate",
    cell: ({ sessionId }) => (
      <Link to="/sessions/$sessionId" params={{ sessionId }} className="font-medium hover:text-accent">
        <bdi>{sessionId}</bdi>
      </Link>
    ),
  },
  { id: "last", header: "Last active", cell: ({ lastTime }) => <AgoCell iso={lastTime} /> },
  { id: "traces", header: "Traces", isNumber: true, isWide: true, cell: ({ traceCount }) => formatCount(traceCount) },
  { id: "errors", header: "Failed", isNumber: true, isWide: true, cell: ({ errorCount }) => formatCount(errorCount) },
  { id: "cost", header: "Cost", isNumber: true, cell: ({ costUsd }) => <MoneyCell usd={costUsd} /> },
];

/** The conversations of a user that were active last. */
export function SessionsOfUser({ userId, list }: { userId: string; list: UserActivity["sessions"] }) {
  const navigate = useNavigate();
  if (list.data?.items.length === 0) return null;
  return (
    <Section title="Sessions" action={list.data?.nextCursor && <SeeAll to="/sessions" userId={userId} />}>
      <OrTrouble result={list}>
        <PlainTable
          label="Sessions"
          columns={SESSION_COLUMNS}
          rows={list.data?.items}
          idOf={({ sessionId }) => sessionId}
          onOpen={({ sessionId }) => navigate({ to: "/sessions/$sessionId", params: { sessionId } })}
        />
      </OrTrouble>
    </Section>
  );
}

const TRACE_COLUMNS: readonly PlainColumn<Trace>[] = [
  {
    id: "name",
    header: "Trace",
    className: "max-w-80 truncate",
    cell: ({ traceId, name }) => (
      <Link to="/traces/$traceId" params={{ traceId }} className="font-medium hover:text-accent">
        <bdi>{name}</bdi>
      </Link>
    ),
  },
  { id: "status", header: "Status", isWide: true, cell: ({ status }) => <StatusCell status={status} /> },
  {
    id: "input",
    header: "Input",
    isWide: true,
    className: "max-w-100 truncate",
    cell: ({ inputPreview }) => <TextCell text={inputPreview} />,
  },
  { id: "time", header: "When", cell: ({ startTime }) => <AgoCell iso={startTime} /> },
  { id: "duration", header: "Duration", isNumber: true, cell: ({ durationMs }) => <DurationCell ms={durationMs} /> },
  { id: "cost", header: "Cost", isNumber: true, cell: ({ costUsd }) => <MoneyCell usd={costUsd} /> },
];

/** The newest traces of a user. */
export function TracesOfUser({ userId, list }: { userId: string; list: UserActivity["traces"] }) {
  const navigate = useNavigate();
  if (list.data?.items.length === 0) return null;
  return (
    <Section title="Traces" action={list.data?.nextCursor && <SeeAll to="/traces" userId={userId} />}>
      <OrTrouble result={list}>
        <PlainTable
          label="Traces"
          columns={TRACE_COLUMNS}
          rows={list.data?.items}
          idOf={({ traceId }) => traceId}
          onOpen={({ traceId }) => navigate({ to: "/traces/$traceId", params: { traceId } })}
        />
      </OrTrouble>
    </Section>
  );
}

/** Which models answered a user, and at what cost. */
export function ModelsOfUser({ userId, models }: { userId: string; models: UserActivity["models"] }) {
  const rows = models.data?.rows.filter(({ group }) => group.model);
  if (rows?.length === 0) return null;
  const columns: readonly PlainColumn<Group>[] = [
    {
      id: "model",
      header: "Model",
      className: "max-w-100 truncate",
      cell: ({ group, isOther }) =>
        isOther ? (
          "other"
        ) : (
          <Link
            to="/traces"
            search={{
              view: "generations",
              filter: addCondition(filterOf(userId).filter, `model:${writeValue(group.model ?? "")}`),
            }}
            className="font-medium hover:text-accent"
          >
            {group.model}
          </Link>
        ),
    },
    { id: "calls", header: "Calls", isNumber: true, cell: ({ values }) => formatCount(values.requests ?? 0) },
    { id: "errors", header: "Failed", isNumber: true, cell: ({ values }) => formatCount(values.errors ?? 0) },
    {
      id: "tokens",
      header: "Tokens",
      isNumber: true,
      isWide: true,
      cell: ({ values }) => formatCompact(values.totalTokens ?? 0),
    },
    {
      id: "latency",
      header: "p50",
      isNumber: true,
      isWide: true,
      cell: ({ values }) => formatDuration(values.latencyP50Ms ?? null),
    },
    { id: "cost", header: "Cost", isNumber: true, cell: ({ values }) => formatMoney(values.costUsd ?? null) },
  ];
  return (
    <Section title="Models">
      <OrTrouble result={models}>
        <PlainTable label="Models" columns={columns} rows={rows} idOf={({ group }) => group.model ?? ""} />
      </OrTrouble>
    </Section>
  );
}

type Result = { data: unknown; error: unknown; refetch: () => unknown };

/** What is known, or why nothing is and a way to ask again. */
function OrTrouble({ result: { data, error, refetch }, children }: { result: Result; children: ReactNode }) {
  if (!error || data) return children;
  return (
    <div role="alert" className="flex flex-wrap items-center gap-3 px-4 pb-3 text-bad">
      <span className="min-w-0 [overflow-wrap:anywhere]">{explain(error)}</span>
      <Button size="small" onClick={() => refetch()}>
        Retry
      </Button>
    </div>
  );
}

function SeeAll({ to, userId }: { to: "/sessions" | "/traces"; userId: string }) {
  return (
    <Link to={to} search={filterOf(userId)} className="text-accent hover:underline">
      Show all
    </Link>
  );
}
