import { Link } from "@tanstack/react-router";
import { AgoCell } from "../../../components/table/cells.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { useRowKeys } from "../../../components/table/row-keys.ts";
import { SOURCE_WORDS } from "./feedback-search.ts";
import { FeedbackValue, giverOf } from "./feedback-value.tsx";
import type { Feedback } from "./use-feedback.ts";

/** Feedback in rows, each leading to what it is about; j and k move through them. */
export function FeedbackTable({ rows }: { rows: readonly Feedback[] | undefined }) {
  const box = useRowKeys("Feedback");
  return (
    <div ref={box}>
      <PlainTable label="Feedback" columns={COLUMNS} rows={rows} idOf={({ feedbackId }) => feedbackId} />
    </div>
  );
}

const COLUMNS: readonly PlainColumn<Feedback>[] = [
  { id: "time", header: "Time", isWide: true, className: "w-px", cell: ({ time }) => <AgoCell iso={time} /> },
  {
    id: "score",
    header: "Score",
    className: "min-w-28",
    cell: (feedback) => (
      <span className="flex flex-wrap items-baseline gap-x-2">
        <span className="text-muted [overflow-wrap:anywhere]">{feedback.name}</span>
        <FeedbackValue feedback={feedback} />
      </span>
    ),
  },
  {
    id: "words",
    header: "Comment",
    className: "w-full min-w-32",
    cell: (feedback) => <Words feedback={feedback} />,
  },
  {
    id: "who",
    header: "From",
    isWide: true,
    className: "min-w-32",
    cell: (feedback) => (
      <span className="flex flex-col">
        <span className="[overflow-wrap:anywhere]">{giverOf(feedback)}</span>
        <span className="text-xs text-muted">{SOURCE_WORDS[feedback.source]}</span>
      </span>
    ),
  },
  { id: "about", header: "Target", className: "w-px", cell: (feedback) => <About feedback={feedback} /> },
];

function Words({ feedback: { comment, correction, expectedOutput, signalDetail } }: { feedback: Feedback }) {
  const parts = [
    ...(comment ? [["", comment] as const] : []),
    ...(correction === null ? [] : [["Correction", textOf(correction)] as const]),
    ...(expectedOutput === null ? [] : [["Expected", textOf(expectedOutput)] as const]),
    ...(signalDetail === null ? [] : [["Detail", textOf(signalDetail)] as const]),
  ];
  return (
    <span className="flex flex-col gap-0.5">
      {parts.map(([label, text]) => (
        <span
          key={label}
          dir="auto"
          title={text.slice(0, 1_000)}
          className="line-clamp-2 text-left [overflow-wrap:anywhere]"
        >
          {label && <span className="text-muted">{label}: </span>}
          {text}
        </span>
      ))}
    </span>
  );
}

const textOf = (value: unknown) => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));

function About({ feedback: { target, isWaiting, name } }: { feedback: Feedback }) {
  const { traceId, spanId, sessionId, responseId } = target;
  if (isWaiting)
    return (
      <span title={`${traceId || responseId} has not been recorded yet`} className="whitespace-nowrap text-warn">
        ○ waiting
      </span>
    );
  if (traceId)
    return (
      <Link
        to="/traces/$traceId"
        params={{ traceId }}
        search={spanId ? { span: spanId } : {}}
        data-row
        aria-label={`Open trace of ${name}`}
        className="whitespace-nowrap text-accent hover:underline"
      >
        {spanId ? "Span" : "Trace"} <code className="text-xs">{traceId.slice(0, 8)}</code>
      </Link>
    );
  return (
    <Link
      to="/sessions/$sessionId"
      params={{ sessionId }}
      data-row
      aria-label={`Open session of ${name}`}
      className="whitespace-nowrap text-accent hover:underline"
    >
      Session
    </Link>
  );
}
