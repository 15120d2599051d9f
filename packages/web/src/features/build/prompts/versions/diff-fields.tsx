import { useMemo, useState } from "react";
import { compareTexts } from "../../../../components/text/compare-texts.ts";
import { formatNumberOf } from "../../../../components/text/format.ts";
import { type DiffLine, type DiffRow, type FieldDiff, rowsOf } from "./diff-lines.ts";

/** Every field that differs, with the words that changed in it. */
export function DiffFields({ fields }: { fields: readonly FieldDiff[] }) {
  return (
    <ol aria-label="Changed fields" className="flex flex-col gap-3">
      {fields.map((field) => (
        <li key={field.field}>
          <FieldCard field={field} />
        </li>
      ))}
    </ol>
  );
}

function FieldCard({ field: { field, lines } }: { field: FieldDiff }) {
  const rows = useMemo(() => rowsOf(lines), [lines]);
  const count = (kind: DiffLine["kind"]) => lines.filter((line) => line.kind === kind).length;
  return (
    <section aria-label={field} className="card overflow-hidden">
      <h3 className="flex items-baseline gap-2 border-line border-b bg-raised px-3 py-1.5 text-xs">
        <code className="min-w-0 truncate font-medium">{field}</code>
        <span className="num ml-auto shrink-0 text-good">
          +{count("added")}
          <span className="sr-only"> added</span>
        </span>
        <span className="num shrink-0 text-bad">
          −{count("removed")}
          <span className="sr-only"> removed</span>
        </span>
      </h3>
      <div className="font-mono text-xs leading-relaxed">
        {rows.map((row, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows of two finished texts never move.
          <Row key={at} row={row} />
        ))}
      </div>
    </section>
  );
}

function Row({ row }: { row: DiffRow }) {
  if (row.kind === "line") return <Line kind={row.line.kind}>{row.line.text}</Line>;
  if (row.kind === "pair") return <Pair before={row.before} after={row.after} />;
  return <Folded lines={row.lines} />;
}

function Pair({ before, after }: { before: string; after: string }) {
  const changes = useMemo(() => compareTexts(before, after), [before, after]);
  const side = (hides: "gone" | "new") =>
    changes.map(({ kind, text }, at) => {
      if (kind === hides) return null;
      if (kind === "same") return text;
      return (
        // biome-ignore lint/suspicious/noArrayIndexKey: the stretches of two finished texts never move.
        <mark key={at} className="rounded-[2px] bg-current/20 text-inherit">
          <span className="text-text">{text}</span>
        </mark>
      );
    });
  return (
    <>
      <Line kind="removed">{side("new")}</Line>
      <Line kind="added">{side("gone")}</Line>
    </>
  );
}

const LOOKS = {
  same: { row: "", mark: "text-faint", sign: " ", word: "" },
  removed: { row: "bg-bad-soft", mark: "text-bad", sign: "−", word: "removed: " },
  added: { row: "bg-accent-soft", mark: "text-good", sign: "+", word: "added: " },
} as const;

function Line({ kind, children }: { kind: DiffLine["kind"]; children: React.ReactNode }) {
  const { row, mark, sign, word } = LOOKS[kind];
  return (
    <div className={`flex min-h-[1.75em] ${row}`}>
      <span aria-hidden className={`w-6 shrink-0 text-center select-none ${mark}`}>
        {sign}
      </span>
      <span className={`min-w-0 grow py-px pr-3 break-words whitespace-pre-wrap [overflow-wrap:anywhere] ${mark}`}>
        {word && <span className="sr-only">{word}</span>}
        <span className="text-text">{children}</span>
      </span>
    </div>
  );
}

function Folded({ lines }: { lines: readonly string[] }) {
  const [isOpen, setIsOpen] = useState(false);
  if (isOpen)
    return lines.map((text, at) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a finished text never move.
      <Line key={at} kind="same">
        {text}
      </Line>
    ));
  return (
    <button
      type="button"
      aria-expanded={false}
      onClick={() => setIsOpen(true)}
      className="w-full border-line border-y bg-raised px-6 py-0.5 text-left font-sans text-muted hover:text-text"
    >
      {formatNumberOf(lines.length, "line")} unchanged
    </button>
  );
}
