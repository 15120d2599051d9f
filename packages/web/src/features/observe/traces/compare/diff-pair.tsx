import { useMemo } from "react";
import { Skeleton } from "../../../../components/feedback/states.tsx";
import { compareTexts } from "../../../../components/text/compare-texts.ts";
import { formatCount, formatDuration, formatMoney } from "../../../../components/text/format.ts";
import { messagesOf, textOf } from "../content/messages.ts";
import { type LoadedTrace, type Span, useSpan } from "../model/use-trace.ts";
import { KindIcon } from "../span/span-kind.tsx";
import type { DiffRow } from "./trace-diff.ts";

type PairProps = { row: DiffRow; left: LoadedTrace; right: LoadedTrace };

/** One step in both traces: its numbers, and what it was given and gave, with the words that changed. */
export function DiffPair({ row, left, right }: PairProps) {
  const a = useSpan(left.traceId, left.model.ids[row.a]);
  const b = useSpan(right.traceId, right.model.ids[row.b]);
  const here = row.a >= 0 && a.data?.spanId === left.model.ids[row.a] ? a.data : undefined;
  const there = row.b >= 0 && b.data?.spanId === right.model.ids[row.b] ? b.data : undefined;
  const isWaiting = (row.a >= 0 && !here && !a.error) || (row.b >= 0 && !there && !b.error);
  const [model, place] = row.a >= 0 ? [left.model, row.a] : [right.model, row.b];
  return (
    <article aria-label="Step in both traces" aria-busy={isWaiting || undefined} className="flex flex-col gap-4 p-4">
      <h2 className="flex items-center gap-2 text-base font-semibold">
        <KindIcon kind={model.kinds[place] ?? "span"} size={16} />
        <span dir="auto" className="min-w-0 break-words [overflow-wrap:anywhere]">
          {model.names[place]}
        </span>
      </h2>
      {isWaiting ? (
        <Skeleton className="h-40 w-full" />
      ) : (
        <>
          <Numbers here={here} there={there} />
          {(["errorMessage", "output", "input"] as const).map((part) => (
            <Words key={part} part={part} here={here} there={there} />
          ))}
        </>
      )}
    </article>
  );
}

type Both = { here: Span | undefined; there: Span | undefined };

function Numbers({ here, there }: Both) {
  const lines = [
    ["Duration", (span: Span) => formatDuration(span.durationMs)],
    ["First token", (span: Span) => formatDuration(span.timeToFirstTokenMs)],
    ["Tokens", (span: Span) => `${formatCount(span.inputTokens)} → ${formatCount(span.outputTokens)}`],
    ["Cost", (span: Span) => formatMoney(span.costUsd)],
    ["Model", (span: Span) => span.responseModel || span.requestModel || "–"],
  ] as const;
  return (
    <table aria-label="Step metrics" className="num w-full max-w-120 text-sm">
      <thead>
        <tr className="text-left text-xs text-muted">
          <td />
          <th scope="col" className="py-1 font-normal">
            This trace
          </th>
          <th scope="col" className="py-1 font-normal">
            Other trace
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map(([label, write]) => (
          <tr key={label} className="border-line border-t">
            <th scope="row" className="w-32 py-1 text-left font-normal text-muted">
              {label}
            </th>
            <td className="py-1 pr-3 [overflow-wrap:anywhere]">{here ? write(here) : "–"}</td>
            <td className="py-1 [overflow-wrap:anywhere]">{there ? write(there) : "–"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const LABELS = { input: "Input", output: "Output", errorMessage: "Error" } as const;
/** Longer texts are compared up to here; a reader of more opens both. */
const LONGEST = 60_000;

function Words({ part, here, there }: Both & { part: keyof typeof LABELS }) {
  const before = useMemo(() => wordsOf(here?.[part]), [here, part]);
  const after = useMemo(() => wordsOf(there?.[part]), [there, part]);
  const changes = useMemo(() => compareTexts(before, after), [before, after]);
  if (before === "" && after === "") return null;
  const isSame = before === after;
  return (
    <section aria-label={LABELS[part]}>
      <h3 className="mb-1 text-xs text-muted">
        {LABELS[part]}
        {isSame && ", the same in both"}
      </h3>
      <div className={isSame ? "" : "grid gap-2 md:grid-cols-2"}>
        <Side label={`${LABELS[part]}, this trace`} changes={changes} hides="new" />
        {!isSame && <Side label={`${LABELS[part]}, other trace`} changes={changes} hides="gone" />}
      </div>
    </section>
  );
}

function Side({
  label,
  changes,
  hides,
}: {
  label: string;
  changes: ReturnType<typeof compareTexts>;
  hides: "gone" | "new";
}) {
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled box must be reachable to be scrolled by keyboard.
      tabIndex={0}
      aria-label={label}
      className="card max-h-96 min-w-0 overflow-y-auto px-3 py-2 break-words whitespace-pre-wrap [overflow-wrap:anywhere] [unicode-bidi:plaintext]"
    >
      {changes.every(({ kind, text }) => kind === hides || text === "") && (
        <span className="text-muted italic">empty</span>
      )}
      {changes.map(({ kind, text }, index) => {
        if (kind === hides) return null;
        if (kind === "same") return text;
        const Tag = kind === "gone" ? "del" : "ins";
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the stretches of two finished texts never move.
          <Tag key={index} className={`no-underline ${kind === "gone" ? "bg-bad-soft" : "bg-accent-soft"}`}>
            {text}
          </Tag>
        );
      })}
    </section>
  );
}

function wordsOf(value: unknown): string {
  if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) return "";
  if (typeof value === "string") return value.slice(0, LONGEST);
  const messages = messagesOf(value);
  const text = messages
    ? messages.map((message) => `${message.role}: ${textOf(message)}`).join("\n\n")
    : JSON.stringify(value, null, 2);
  return text.slice(0, LONGEST);
}
