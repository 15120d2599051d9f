import type { ChangeCounts } from "@treadle/contract";
import { formatCount } from "../../../../components/text/format.ts";

/** Marks an evaluation dataset. */
export function EvaluationMark() {
  return (
    <span
      title="Other datasets are checked for items of this evaluation dataset"
      className="shrink-0 rounded border border-line bg-raised px-1.5 text-xs text-info"
    >
      evaluation
    </span>
  );
}

/** The number of added, removed and changed items, with words for screen readers. */
export function Counts({ counts, className = "" }: { counts: ChangeCounts; className?: string }) {
  const parts = [
    { sign: "+", value: counts.added, word: "added", look: "text-good" },
    { sign: "−", value: counts.removed, word: "removed", look: "text-bad" },
    { sign: "~", value: counts.changed, word: "changed", look: "text-info" },
  ].filter(({ value }) => value > 0);
  if (parts.length === 0) return <span className={`text-muted ${className}`}>no differences</span>;
  return (
    <span className={`num inline-flex flex-wrap gap-x-2 whitespace-nowrap ${className}`}>
      {parts.map(({ sign, value, word, look }) => (
        <span key={sign} className={look} title={`${formatCount(value)} ${word}`}>
          <span aria-hidden>{sign}</span>
          {formatCount(value)}
          <span className="sr-only"> {word}</span>
        </span>
      ))}
    </span>
  );
}

/** A tag of a version. */
export const TagMark = ({ tag }: { tag: string }) => (
  <span className="shrink-0 rounded border border-accent/40 bg-accent-soft px-1.5 text-xs text-accent">{tag}</span>
);
