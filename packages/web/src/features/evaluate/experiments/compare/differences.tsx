import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatCount, formatNumberOf } from "../../../../components/text/format.ts";
import { formatValue } from "../../scorers/index.ts";
import { FindChange } from "../bisect/find-change.tsx";
import { IntervalBar } from "../shared/interval-bar.tsx";
import type { Run } from "../shared/use-experiments.ts";
import { type Comparison, type HeadComparison, type Paired, useComparison } from "../shared/use-runs.ts";
import { Verdict } from "../shared/verdict.tsx";
import { COST, differenceWords, LATENCY, type Output, pWords, testWords } from "../shared/words.ts";

type ViewProps = {
  base: Run;
  heads: readonly Run[];
  margin: number | undefined;
  /** Opens the items of a run, sorted by a score. */
  onOpen: (scorer: string | undefined, runId: string) => void;
};

/** Compares each run with the base: scores, cost and time, with the certainty of each difference. */
export function Differences({ base, heads, margin, onOpen }: ViewProps) {
  const comparison = useComparison({ base: base.runId, heads: heads.map(({ runId }) => runId), margin });
  if (comparison.error && !comparison.data)
    return (
      <ErrorState error={comparison.error} retry={() => comparison.refetch()} title="The runs could not be compared" />
    );
  const { data } = comparison;
  if (!data)
    return (
      <>
        {heads.map(({ runId }) => (
          <Skeleton key={runId} className="h-44 rounded-card" />
        ))}
      </>
    );
  return (
    <div className={`flex flex-col gap-4 ${comparison.isPlaceholderData ? "opacity-60" : ""}`}>
      {data.heads.map((head) => (
        <HeadSection key={head.run.runId} base={base} head={head} onOpen={onOpen} />
      ))}
      <p className="max-w-200 text-xs text-muted text-pretty">{noteFor(data)}</p>
    </div>
  );
}

function noteFor({ heads, alpha }: Comparison): string {
  const scores = heads.reduce((sum, { scorers }) => sum + scorers.length, 0);
  const corrected =
    scores > 1
      ? `The p-values of the ${formatCount(scores)} scores are corrected for multiple comparisons (Holm). `
      : "";
  return `${corrected}“Better” and “worse” need a p below ${alpha}. “Equivalent” means that the difference is within the margin (gray band). Everything else is inconclusive, which does not mean equal. Intervals are ${Math.round((1 - alpha) * 100)}% intervals. Repeats of an item are averaged first and do not count as extra items.`;
}

type Row = Paired & {
  id: string;
  name: string;
  scorer: string | undefined;
  output: Pick<Output, "type" | "min" | "max" | "unit">;
  isSame: boolean;
  /** Whether one direction is better. */
  isJudged: boolean;
};
const UNKNOWN: Row["output"] = { type: "number", min: null, max: null, unit: "" };

function HeadSection({ base, head, onOpen }: { base: Run; head: HeadComparison } & Pick<ViewProps, "onOpen">) {
  const { run, shared, onlyBase, onlyHead, errorsBase, errorsHead, warnings } = head;
  const rows: readonly Row[] = [
    ...head.scorers.map((one) => ({
      ...one,
      id: one.scorer,
      output: base.scorers.find(({ key }) => key === one.scorer)?.output ?? UNKNOWN,
      isSame: one.isSameScorer,
      isJudged: one.direction !== "none",
    })),
    {
      ...head.costUsd,
      id: "/cost",
      name: "Cost per item",
      scorer: undefined,
      output: COST,
      isSame: true,
      isJudged: true,
    },
    {
      ...head.latencyMs,
      id: "/latency",
      name: "Time per item",
      scorer: undefined,
      output: LATENCY,
      isSame: true,
      isJudged: true,
    },
  ];
  const counts = [
    `${formatNumberOf(shared, "item")} in both`,
    onlyBase > 0 ? `${formatCount(onlyBase)} only in the base` : "",
    onlyHead > 0 ? `${formatCount(onlyHead)} only in this run` : "",
    errorsBase + errorsHead > 0
      ? `provider errors: ${formatCount(errorsBase)} in the base, ${formatCount(errorsHead)} in this run`
      : "",
  ].filter(Boolean);
  return (
    <Section
      title={`${run.name} compared with ${base.name}`}
      description={counts.join(", ")}
      action={<FindChange good={base.runId} head={head} />}
      className="overflow-hidden"
    >
      {warnings.length > 0 && (
        <ul className="mx-4 mb-3 rounded-control bg-warn-soft px-3 py-2">
          {warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
      <PlainTable
        label={`${run.name} compared with ${base.name}`}
        columns={COLUMNS}
        rows={rows}
        idOf={({ id }) => id}
        onOpen={({ scorer }) => onOpen(scorer, run.runId)}
      />
    </Section>
  );
}

const COLUMNS: readonly PlainColumn<Row>[] = [
  {
    id: "name",
    header: "Score",
    className: "min-w-32",
    cell: ({ name, isSame }) => (
      <>
        <span className="font-medium">{name}</span>
        {!isSame && (
          <span
            className="block text-xs text-warn"
            title="The two runs used different versions or settings of this scorer"
          >
            scored differently
          </span>
        )}
      </>
    ),
  },
  {
    id: "verdict",
    header: "Verdict",
    cell: ({ verdict, moreItems, isJudged, items }) =>
      verdict === null ? (
        <span
          className="text-muted"
          title={items === 0 ? "No item has this score in both runs" : "All items have the same score in both runs"}
        >
          no comparison
        </span>
      ) : isJudged ? (
        <Verdict verdict={verdict} moreItems={verdict === "inconclusive" ? moreItems : null} />
      ) : (
        <span className="text-muted" title="This score has no better direction">
          no direction
        </span>
      ),
  },
  {
    id: "difference",
    header: "Difference",
    isNumber: true,
    cell: (row) => <DifferenceCell row={row} />,
  },
  {
    id: "base",
    header: "Base",
    isNumber: true,
    cell: ({ meanBase, output }) => <span className="text-muted">{formatValue(meanBase, output)}</span>,
  },
  { id: "head", header: "Head", isNumber: true, cell: ({ meanHead, output }) => formatValue(meanHead, output) },
  {
    id: "items",
    header: "n",
    isNumber: true,
    cell: ({ items, leftOut }) => (
      <span title={leftOut > 0 ? `${formatNumberOf(leftOut, "item")} without a value in one of the runs` : undefined}>
        {formatCount(items)}
        {leftOut > 0 && <span className="text-xs text-warn"> −{formatCount(leftOut)}</span>}
      </span>
    ),
  },
  {
    id: "counts",
    header: <span title="Items">Better / worse</span>,
    isNumber: true,
    cell: ({ better, worse }) => (
      <>
        {formatCount(better)} <span className="text-muted">/</span> {formatCount(worse)}
      </>
    ),
  },
  {
    id: "p",
    header: "p",
    isNumber: true,
    cell: ({ pValue, adjustedPValue, test, effectSize }) => (
      <span
        title={[testWords(test), effectSize === null ? "" : `effect size ${effectSize.toFixed(2)}`]
          .filter(Boolean)
          .join(", ")}
      >
        {pWords(adjustedPValue ?? pValue)}
        <span className="block text-xs text-muted">{testWords(test)}</span>
      </span>
    ),
  },
  {
    id: "detectable",
    header: <span title="These items can only detect larger differences">Detectable difference</span>,
    isNumber: true,
    cell: ({ minimumDetectableEffect, output }) => (
      <span className="text-muted">
        {minimumDetectableEffect === null ? "–" : differenceWords(minimumDetectableEffect, output).replace("+", "±")}
      </span>
    ),
  },
];

/** The difference with its interval, centred on zero. */
function DifferenceCell({ row: { difference, interval, margin, output, verdict } }: { row: Row }) {
  if (difference === null) return <span className="text-muted">–</span>;
  const most =
    1.1 * Math.max(Math.abs(difference), Math.abs(interval?.low ?? 0), Math.abs(interval?.high ?? 0), margin, 1e-12);
  const words = interval
    ? `[${differenceWords(interval.low, output)}, ${differenceWords(interval.high, output)}]`
    : "no interval";
  const look = verdict === "better" ? "text-good" : verdict === "worse" ? "text-bad" : "text-muted";
  return (
    <span className="inline-flex items-center gap-3">
      <IntervalBar
        label={`${differenceWords(difference, output)} ${words}`}
        value={difference}
        interval={interval}
        from={-most}
        to={most}
        zero={0}
        margin={margin}
        look={look}
        width={120}
      />
      <span>
        <span className="font-medium">{differenceWords(difference, output)}</span>
        <span className="block text-xs text-muted">{words}</span>
      </span>
    </span>
  );
}
