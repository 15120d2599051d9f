import { ScrollText } from "lucide-react";
import { useState } from "react";
import { EmptyState, ErrorState } from "../../../components/feedback/states.tsx";
import { Select } from "../../../components/form/field.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { type AuditEntry, type AuditKind, useAuditEntries, useMembers } from "./use-projects.ts";

/** The audit log, newest first. */
export function AuditPage() {
  const [kind, setKind] = useState<AuditKind>("any");
  const entries = useAuditEntries(kind);
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
      description="Changes and reads of content in this project, newest first. Entries cannot be edited or deleted."
      action={<KindSelect kind={kind} onChange={setKind} />}
    >
      {rows?.length === 0 ? (
        <EmptyState title={kind === "reads" ? "No reads yet" : "No changes yet"} icon={<ScrollText size={22} />}>
          {kind === "reads"
            ? "Reads of inputs and outputs of traces appear here."
            : "Changes to keys, members, connections, endpoints and prices appear here."}
        </EmptyState>
      ) : (
        <PlainTable label="Audit log" columns={columns} rows={rows} idOf={({ auditEntryId }) => auditEntryId} />
      )}
      <MoreRows list={entries} />
    </Section>
  );
}

const KINDS = [
  ["any", "All entries"],
  ["changes", "Changes"],
  ["reads", "Reads of content"],
] as const satisfies readonly (readonly [AuditKind, string])[];

const KindSelect = ({ kind, onChange }: { kind: AuditKind; onChange: (kind: AuditKind) => void }) => (
  <Select
    aria-label="Kind of entries"
    value={kind}
    onChange={({ target }) => onChange(KINDS.find(([name]) => name === target.value)?.[0] ?? "any")}
    className="w-auto"
  >
    {KINDS.map(([name, label]) => (
      <option key={name} value={name}>
        {label}
      </option>
    ))}
  </Select>
);

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
