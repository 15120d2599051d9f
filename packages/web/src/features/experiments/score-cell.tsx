import { formatCount, formatNumberOf } from "../../components/format.ts";
import { formatValue } from "../scorers/index.ts";
import { IntervalBar } from "./interval-bar.tsx";
import type { Correction, ScorerComparison } from "./use-runs.ts";
import { Verdict } from "./verdict.tsx";
import { differenceWords, intervalWords, type Output, type Summary } from "./words.ts";

type CellProps = {
  name: string;
  output: Output;
  summary: Summary | undefined;
  /** Against the baseline, once it can be said. */
  comparison: ScorerComparison | undefined;
  /** What it is once the errors of the scorer are taken out, where it was compared with people. */
  correction: Correction | undefined;
};

/** A score over a run: its value and interval, of how many items, what is missing from it, and what became of it. */
export function ScoreCell({ name, output, summary, comparison, correction }: CellProps) {
  if (!summary) return <span className="text-muted">none yet</span>;
  const { value, interval, items, labels } = summary;
  if (value === null)
    return (
      <span className="flex flex-col items-end text-muted">
        {labels?.length ? `mostly ${labels[0]?.label ?? ""}` : "no score"}
        <Missing summary={summary} />
      </span>
    );
  const [from, to] = output.type === "boolean" ? [0, 1] : [output.min, output.max];
  return (
    <span className="flex flex-col items-end gap-0.5 pb-1">
      <span className="flex items-center gap-2">
        {from !== null && to !== null && (
          <IntervalBar
            label={`${name}: ${formatValue(value, output)} ${intervalWords(interval, output)}`}
            {...{ value, interval, from, to }}
            width={84}
          />
        )}
        <span className="font-medium">{formatValue(value, output)}</span>
      </span>
      <span className="text-xs text-muted">
        {intervalWords(interval, output)} n {formatCount(items)}
      </span>
      <Repeats summary={summary} output={output} />
      <Missing summary={summary} />
      {correction && <Corrected correction={correction} output={output} />}
      {comparison && (
        <span className="flex flex-wrap items-center justify-end gap-x-2 text-xs">
          <span>{differenceWords(comparison.difference, output)}</span>
          {comparison.direction !== "none" && <Verdict verdict={comparison.verdict} />}
        </span>
      )}
    </span>
  );
}

/** By Rogan and Gladen where the score passes or fails, else moved by what the scorer gets wrong on labelled answers. */
function Corrected({ correction, output }: { correction: Correction; output: Output }) {
  const { corrected, predictionPowered, pairs, alarm } = correction;
  const [way, shown] =
    corrected.value === null ? ["prediction-powered", predictionPowered] : ["Rogan and Gladen", corrected];
  return (
    <span className="text-xs" title={`${way}, from ${formatNumberOf(pairs, "answer")} that people judged too`}>
      {shown.value === null ? (
        <span className="text-muted" title={shown.reason}>
          not corrected
        </span>
      ) : (
        <>
          corrected {formatValue(shown.value, output)}{" "}
          <span className="text-muted">{intervalWords(shown.interval, output)}</span>
        </>
      )}
      {alarm && <span className="ml-1 text-bad">● the judge got worse</span>}
    </span>
  );
}

function Repeats({ summary: { repeatDeviation, passAny, passAll }, output }: { summary: Summary; output: Output }) {
  if (repeatDeviation === null) return null;
  if (repeatDeviation === 0 || (passAny !== null && passAny === passAll))
    return <span className="text-xs text-muted">every repeat alike</span>;
  if (passAny !== null && passAll !== null)
    return (
      <span
        className="text-xs text-muted"
        title="The share of items where some repeat passes, and where every one does"
      >
        any {formatValue(passAny, output)}, every {formatValue(passAll, output)}
      </span>
    );
  return (
    <span className="text-xs text-muted" title="The standard deviation of repeated answers to one item">
      repeats ±{formatValue(repeatDeviation, output)}
    </span>
  );
}

function Missing({ summary }: { summary: Summary }) {
  if (summary.undefined === 0 && summary.failed === 0) return null;
  return (
    <span className="text-xs">
      {summary.undefined > 0 && (
        <span className="text-warn" title="The score does not exist for these answers; they are no zeros">
          {formatCount(summary.undefined)} without
        </span>
      )}
      {summary.undefined > 0 && summary.failed > 0 && ", "}
      {summary.failed > 0 && (
        <span className="text-bad" title={`${formatNumberOf(summary.failed, "answer")} could not be scored`}>
          {formatCount(summary.failed)} failed
        </span>
      )}
    </span>
  );
}
