import { AgoCell, DurationCell, MoneyCell, TextCell, TimeCell, TokensCell } from "../../../components/table/cells.tsx";
import type { Column } from "../../../components/table/table-layout.ts";
import { formatCount } from "../../../components/text/format.ts";
import type { SessionSummary } from "./use-sessions.ts";

/** From the first span's beginning to the last one's. */
export const lengthOf = ({ firstTime, lastTime }: SessionSummary): number =>
  Date.parse(lastTime) - Date.parse(firstTime);

export const SESSION_COLUMNS: readonly Column<SessionSummary>[] = [
  { id: "last", header: "Last active", width: 110, cell: ({ lastTime }) => <AgoCell iso={lastTime} /> },
  {
    id: "id",
    header: "Session",
    width: 210,
    isStretched: true,
    cell: ({ sessionId }) => (
      <span dir="auto" className="truncate font-medium" title={sessionId}>
        {sessionId}
      </span>
    ),
  },
  { id: "user", header: "User", width: 150, cell: ({ userId }) => <TextCell text={userId} /> },
  { id: "traces", header: "Traces", width: 64, isNumber: true, cell: ({ traceCount }) => formatCount(traceCount) },
  { id: "spans", header: "Spans", width: 64, isNumber: true, cell: ({ spanCount }) => formatCount(spanCount) },
  {
    id: "errors",
    header: "Failed",
    width: 64,
    isNumber: true,
    cell: ({ errorCount }) => (
      <span className={errorCount > 0 ? "text-bad" : "text-muted"}>{formatCount(errorCount)}</span>
    ),
  },
  {
    id: "length",
    header: "Length",
    width: 90,
    isNumber: true,
    cell: (session) => <DurationCell ms={lengthOf(session) || null} />,
  },
  {
    id: "tokens",
    header: "Tokens",
    width: 112,
    isNumber: true,
    cell: (session) => <TokensCell input={session.inputTokens} output={session.outputTokens} />,
  },
  { id: "cost", header: "Cost", width: 94, isNumber: true, cell: ({ costUsd }) => <MoneyCell usd={costUsd} /> },
  {
    id: "models",
    header: "Models",
    width: 190,
    isStretched: true,
    cell: ({ models }) => <TextCell text={models.join(", ")} />,
  },
  { id: "first", header: "Started", width: 118, isExtra: true, cell: ({ firstTime }) => <TimeCell iso={firstTime} /> },
];
