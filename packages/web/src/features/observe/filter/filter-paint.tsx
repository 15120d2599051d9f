import type { FilterProblem } from "@treadle/contract";
import { type Tone, tonesOf } from "./scan-filter.ts";

const LOOKS = {
  field: "text-info",
  operator: "text-muted",
  value: "text-text",
  joiner: "text-warn",
  text: "text-accent",
  space: "",
} as const satisfies Record<Tone, string>;

/** The text in its colours, with what is wrong underlined; it lies under the input, whose own letters cannot be seen. */
export function FilterPaint({ text, problems }: { text: string; problems: readonly FilterProblem[] }) {
  return (
    <div
      aria-hidden
      className="min-h-8 py-1.5 font-mono text-xs leading-5 break-words whitespace-pre-wrap [font-feature-settings:'calt'_0]"
    >
      {segmentsOf(text, problems).map(({ from, to, tone, isWrong }) => (
        <span
          key={from}
          className={`${LOOKS[tone]} ${isWrong ? "underline decoration-bad decoration-wavy underline-offset-3" : ""}`}
        >
          {text.slice(from, to)}
        </span>
      ))}
      {/* A last line without letters would have no height. */}
      {"\u200b"}
    </div>
  );
}

/** The text in its colours and nothing else, for chips. */
export function FilterWords({ text }: { text: string }) {
  return tonesOf(text).map(({ from, to, tone }) => (
    <span key={from} className={LOOKS[tone]}>
      {text.slice(from, to)}
    </span>
  ));
}

/** The coloured pieces, cut once more where a problem begins or ends. */
function segmentsOf(text: string, problems: readonly FilterProblem[]) {
  const edges = problems.flatMap(({ from, to }) => [from, to]);
  return tonesOf(text).flatMap(({ from, to, tone }) => {
    const cuts = [from, ...edges.filter((edge) => edge > from && edge < to).toSorted((a, b) => a - b), to];
    return cuts.slice(0, -1).map((start, index) => ({
      from: start,
      to: cuts[index + 1] ?? to,
      tone,
      isWrong: problems.some((problem) => problem.from <= start && start < problem.to),
    }));
  });
}
