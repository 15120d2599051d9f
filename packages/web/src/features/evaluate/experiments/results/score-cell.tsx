import { formatCount, formatNumberOf } from "../../../../components/text/format.ts";
import { formatValue } from "../../scorers/index.ts";
import { IntervalBar } from "../shared/interval-bar.tsx";
import type { Correction, ScorerComparison } from "../shared/use-runs.ts";
import { Verdict } from "../shared/verdict.tsx";
import { differenceWords, intervalWords, type Output, type Summary } from "../shared/words.ts";

type CellProps = {
  name: string;
  output: Output;
  summary: Summary | undefined;
  /** The comparison with the baseline, once available. */
  comparison: ScorerComparison | undefined;
  /** The score corrected for judge errors, if the judge was calibrated against people. */
  correction: Correction | undefined;
};

/** A run's score: value and interval, number of items, missing scores, and the change. */
export function ScoreCell({ name, output, summary, comparison, correction }: CellProps) {
  if (!summary) return <span className="text-muted">no score yet</span>;
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
            value={value}
            interval={interval}
            from={from}
            to={to}
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

/** The Rogan-Gladen estimate for pass/fail scores; otherwise a prediction-powered estimate. */
function Corrected({ correction, output }: { correction: Correction; output: Output }) {
  const { corrected, predictionPowered, pairs, alarm } = correction;
  const [way, shown] =
    corrected.value === null ? ["prediction-powered", predictionPowered] : ["Rogan-Gladen", corrected];
  return (
    <span className="text-xs" title={`${way}, from ${formatNumberOf(pairs, "answer")} that people also rated`}>
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
      {alarm && <span className="ml-1 text-bad">● judge accuracy dropped</span>}
    </span>
  );
}

function Repeats({ summary: { repeatDeviation, passAny, passAll }, output }: { summary: Summary; output: Output }) {
  if (repeatDeviation === null) return null;
  if (repeatDeviation === 0 || (passAny !== null && passAny === passAll))
    return <span className="text-xs text-muted">repeats agree</span>;
  if (passAny !== null && passAll !== null)
    return (
      <span
        className="text-xs text-muted"
        title="The share of items where any repeat passes, and where all repeats pass"
      >
        any {formatValue(passAny, output)}, all {formatValue(passAll, output)}
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
        <span className="text-warn" title="These answers have no score. They do not count as zero">
          {formatCount(summary.undefined)} without score
        </span>
      )}
      {summary.undefined > 0 && summary.failed > 0 && ", "}
      {summary.failed > 0 && (
        <span className="text-bad" title={`Scoring failed for ${formatNumberOf(summary.failed, "answer")}`}>
          {formatCount(summary.failed)} failed
        </span>
      )}
    </span>
  );
}
