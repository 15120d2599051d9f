import { ScrollText } from "lucide-react";
import { AgoCell } from "../../components/cells.tsx";
import { MoreRows } from "../../components/more-rows.tsx";
import { Section } from "../../components/page.tsx";
import { type PlainColumn, PlainTable } from "../../components/plain-table.tsx";
import { EmptyState, ErrorState } from "../../components/states.tsx";
import { type AuditEntry, useAuditEntries, useMembers } from "./use-projects.ts";

/** Who changed what, newest first. */
export function AuditPage() {
  const entries = useAuditEntries();
  const members = useMembers();
  const names = new Map(
    members.data?.pages.flatMap(({ items }) => items).map(({ userId, name, email }) => [userId, name || email]),
  );
  const columns: readonly PlainColumn<AuditEntry>[] = [
    { id: "time", header: "When", cell: ({ createdAt }) => <AgoCell iso={createdAt} /> },
    {
      id: "actor",
      header: "Who",
      cell: ({ actor }) =>
        names.has(actor) ? (
          <span title={actor}>{names.get(actor)}</span>
        ) : (
          <code className="text-xs break-all">{actor}</code>
        ),
    },
    {
      id: "action",
      header: "What",
      cell: ({ action, target }) => (
        <>
          <span className="font-medium whitespace-nowrap">{action}</span>
          <code className="block text-xs break-all text-muted md:hidden">{target}</code>
        </>
      ),
    },
    {
      id: "target",
      header: "On",
      isWide: true,
      cell: ({ target }) => <code className="text-xs break-all">{target}</code>,
    },
    { id: "details", header: "Details", isWide: true, cell: ({ details }) => <Details details={details} /> },
  ];
  const rows = entries.data?.pages.flatMap(({ items }) => items);
  if (entries.error && !rows) return <ErrorState error={entries.error} retry={() => entries.refetch()} />;
  return (
    <Section
      title="Audit log"
      description="Who changed what in this project, newest first. Entries are only ever added."
    >
      {rows?.length === 0 ? (
        <EmptyState title="Nothing was changed yet" icon={<ScrollText size={22} />}>
          Keys, members, connections, endpoints and prices leave an entry here whenever they change.
        </EmptyState>
      ) : (
        <PlainTable label="Audit log" columns={columns} rows={rows} idOf={({ id }) => id} />
      )}
      <MoreRows list={entries} />
    </Section>
  );
}

function Details({ details }: { details: AuditEntry["details"] }) {
  const text = Object.entries(details)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
  return <span className="line-clamp-2 break-words text-muted [overflow-wrap:anywhere]">{text}</span>;
}
