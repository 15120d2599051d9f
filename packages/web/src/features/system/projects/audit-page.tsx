import { ScrollText } from "lucide-react";
import { EmptyState, ErrorState } from "../../../components/feedback/states.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { type AuditEntry, useAuditEntries, useMembers } from "./use-projects.ts";

/** The audit log, newest first. */
export function AuditPage() {
  const entries = useAuditEntries();
  const members = useMembers();
  const names = new Map(
    members.data?.pages.flatMap(({ items }) => items).map(({ userId, name, email }) => [userId, name || email]),
  );
  const columns: readonly PlainColumn<AuditEntry>[] = [
    { id: "time", header: "Time", cell: ({ createdAt }) => <AgoCell iso={createdAt} /> },
    {
      id: "actor",
      header: "User",
      cell: ({ actor }) =>
        names.has(actor) ? (
          <bdi title={actor}>{names.get(actor)}</bdi>
        ) : (
          <code className="text-xs" title={actor}>
            {actor}
          </code>
        ),
      className: "max-w-44 truncate max-md:max-w-22",
    },
    {
      id: "action",
      header: "Action",
      cell: ({ action, target }) => (
        <>
          <span className="block font-medium">{action}</span>
          <code className="block text-xs break-all text-muted">{target}</code>
        </>
      ),
      className: "md:min-w-64",
    },
    {
      id: "details",
      header: "Details",
      isWide: true,
      cell: ({ details }) => <Details details={details} />,
      className: "w-1/2",
    },
  ];
  const rows = entries.data?.pages.flatMap(({ items }) => items);
  if (entries.error && !rows)
    return (
      <ErrorState error={entries.error} retry={() => entries.refetch()} title="The audit log could not be loaded" />
    );
  return (
    <Section
      title="Audit log"
      description="Changes in this project, newest first. Entries cannot be edited or deleted."
    >
      {rows?.length === 0 ? (
        <EmptyState title="No changes yet" icon={<ScrollText size={22} />}>
          Changes to keys, members, connections, endpoints and prices appear here.
        </EmptyState>
      ) : (
        <PlainTable label="Audit log" columns={columns} rows={rows} idOf={({ auditEntryId }) => auditEntryId} />
      )}
      <MoreRows list={entries} />
    </Section>
  );
}

function Details({ details }: { details: AuditEntry["details"] }) {
  const text = Object.entries(details)
    .filter(([, value]) => value !== "" && value !== null)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
  return (
    <span className="line-clamp-3 text-xs text-muted [overflow-wrap:anywhere]" title={text.slice(0, 1_000)}>
      {text}
    </span>
  );
}
