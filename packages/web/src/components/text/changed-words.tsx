import { useMemo } from "react";
import { compareTexts } from "./compare-texts.ts";

/** The maximum combined length for a side-by-side view. */
const SHORT = 90;
/** Longer texts are compared up to here. */
const LONGEST = 20_000;

type Change = { readonly before?: unknown; readonly after?: unknown };

/** Deletions and insertions in one text, or the two texts one after the other if they share little. */
export function ChangedWords({ change }: { change: Change }) {
  const before = useMemo(() => textOf(change.before), [change.before]);
  const after = useMemo(() => textOf(change.after), [change.after]);
  const parts = useMemo(() => compareTexts(before, after), [before, after]);
  if (before === "" && after === "") return <span className="text-muted italic">empty</span>;
  // Two texts that share little are easier to read one after the other.
  const same = parts.reduce((sum, { kind, text }) => sum + (kind === "same" ? text.trim().length : 0), 0);
  const isWoven = same * 3 > Math.max(before.length, after.length);
  const isShort = before.length + after.length < SHORT && !/\n/.test(before + after);
  if (!isWoven)
    return (
      <div className={isShort ? "flex flex-wrap gap-1.5" : "flex flex-col gap-0.5"}>
        {before !== "" && <del className={`${LINE} bg-bad-soft`}>{before}</del>}
        {after !== "" && <ins className={`${LINE} bg-accent-soft`}>{after}</ins>}
      </div>
    );
  return (
    <span className="whitespace-pre-wrap [unicode-bidi:plaintext]">
      {parts.map(({ kind, text }, index) => {
        if (kind === "same") return text;
        const Tag = kind === "gone" ? "del" : "ins";
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the stretches of two finished texts never move.
          <Tag key={index} className={kind === "gone" ? "bg-bad-soft line-through" : "bg-accent-soft no-underline"}>
            {text}
          </Tag>
        );
      })}
    </span>
  );
}

const LINE = "max-h-60 overflow-y-auto rounded px-1.5 py-0.5 no-underline whitespace-pre-wrap [unicode-bidi:plaintext]";

function textOf(value: unknown): string {
  if (value === undefined) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 1);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
