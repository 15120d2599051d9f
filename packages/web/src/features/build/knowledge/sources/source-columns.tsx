import { Link } from "@tanstack/react-router";
import { AgoCell } from "../../../../components/table/cells.tsx";
import type { PlainColumn } from "../../../../components/table/plain-table.tsx";
import { formatCount, formatNumberOf } from "../../../../components/text/format.ts";
import { accessWords } from "../shared/access.ts";
import type { Source } from "../shared/use-sources.ts";
import { SourceActions } from "./source-actions.tsx";
import { KIND_WORDS, placeWords, scheduleWords, syncWords } from "./source-words.ts";

type CellProps = { source: Source };

const LOOKS: Readonly<Record<Source["state"], string>> = {
  idle: "text-good",
  running: "text-info",
  held: "text-warn",
  failed: "text-bad",
};

const StateCell = ({ source: { state, kind, lastSync } }: CellProps) =>
  kind === "upload" ? (
    <span className="text-muted">–</span>
  ) : (
    <span className={`text-sm whitespace-nowrap ${LOOKS[state]}`}>
      ● {state === "idle" && lastSync === null ? "new" : state}
    </span>
  );

const SyncCell = ({ source }: CellProps) =>
  source.kind === "upload" ? null : (
    <span className="flex flex-col">
      <AgoCell iso={source.lastSync?.endedAt ?? null} />
      <span className="num text-xs text-muted">{source.lastSync && syncWords(source)}</span>
    </span>
  );

function NameCell({ knowledgeBaseId, source }: CellProps & { knowledgeBaseId: string }) {
  const { name, kind, sourceId } = source;
  return (
    <span className="flex min-w-0 flex-col py-1">
      <Link
        to="/knowledge/$knowledgeBaseId"
        params={{ knowledgeBaseId }}
        search={{ source: sourceId }}
        className="font-medium [overflow-wrap:anywhere] hover:underline"
      >
        {name}
      </Link>
      <span className="text-xs text-muted [overflow-wrap:anywhere]">
        {kind === "upload" ? "" : `${KIND_WORDS[kind] ?? kind} · `}
        {placeWords(source)}
      </span>
      <span className="num text-xs text-muted md:hidden">
        {formatNumberOf(source.documents, "document")}
        {kind !== "upload" && ` · ${syncWords(source)}`}
      </span>
      <Problems source={source} />
    </span>
  );
}

/** Why the last sync ended early or left something out. */
function Problems({ source: { lastSync, heldDeletions, state } }: CellProps) {
  if (!lastSync || state === "running") return null;
  const { error, warnings, failures, failed } = lastSync;
  return (
    <>
      {error && <span className="text-xs text-bad [overflow-wrap:anywhere]">{error}</span>}
      {(heldDeletions > 0 || state !== "held") &&
        warnings.slice(0, 3).map((warning) => (
          <span key={warning} className="text-xs text-warn [overflow-wrap:anywhere]">
            {warning}
          </span>
        ))}
      {failed > 0 && <Failures failed={failed} failures={failures} />}
    </>
  );
}

type FailuresProps = Pick<NonNullable<Source["lastSync"]>, "failed" | "failures">;

const Failures = ({ failed, failures }: FailuresProps) => (
  <details className="text-xs text-warn">
    <summary className="w-fit">{formatNumberOf(failed, "entry", "entries")} could not be read</summary>
    <ul className="mt-1 flex flex-col gap-0.5 [overflow-wrap:anywhere]">
      {failures.map(({ path, message }) => (
        <li key={path}>
          {path}: {message}
        </li>
      ))}
      {failed > failures.length && <li>And {formatCount(failed - failures.length)} more.</li>}
    </ul>
  </details>
);

/** The columns that need no permission. */
const COLUMNS: readonly PlainColumn<Source>[] = [
  { id: "state", header: "State", cell: (source) => <StateCell source={source} /> },
  { id: "sync", header: "Last sync", isWide: true, cell: (source) => <SyncCell source={source} /> },
  { id: "schedule", header: "Schedule", isWide: true, cell: scheduleWords },
  {
    id: "documents",
    header: "Documents",
    isNumber: true,
    isWide: true,
    cell: ({ documents }) => formatCount(documents),
  },
  {
    id: "access",
    header: "Who finds it",
    isWide: true,
    className: "max-w-44",
    cell: ({ kind, principals }) => (kind === "upload" ? "" : accessWords(principals)),
  },
];

/** The columns of the table of sources. */
export const sourceColumns = (knowledgeBaseId: string, canWrite: boolean): readonly PlainColumn<Source>[] => [
  {
    id: "name",
    header: "Source",
    className: "w-full min-w-40",
    cell: (source) => <NameCell knowledgeBaseId={knowledgeBaseId} source={source} />,
  },
  ...COLUMNS,
  {
    id: "actions",
    header: <span className="sr-only">Actions</span>,
    className: "w-px text-right!",
    cell: (source) =>
      canWrite && source.kind !== "upload" ? <SourceActions knowledgeBaseId={knowledgeBaseId} source={source} /> : null,
  },
];
