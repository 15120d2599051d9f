import { Section } from "../../../../components/layout/page.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatCount, formatPercent } from "../../../../components/text/format.ts";
import { IntervalBar } from "../shared/interval-bar.tsx";
import { Verdict } from "../shared/verdict.tsx";
import { pWords } from "../shared/words.ts";
import { ShareBar } from "./share-bar.tsx";
import type { JudgedPair, Judging } from "./use-judgings.ts";

type ResultProps = {
  judging: Judging;
  /** Opens the verdicts of a pair, named as `base,head`. */
  onOpen: (pair: string) => void;
};

/** Each pair of runs: items won, tied and lost, the certainty, and the judge's position bias. */
export function JudgingResult({ judging, onOpen }: ResultProps) {
  const { result, runs, alpha } = judging;
  if (!result) return null;
  const nameOf = (id: string) => runs.find(({ runId }) => runId === id)?.name ?? id;
  return (
    <>
      <Section title={result.pairs.length === 1 ? "Result" : "Pairs of runs"} className="overflow-hidden">
        <PlainTable
          label="Pairs of runs"
          columns={columnsFor(nameOf)}
          rows={result.pairs}
          idOf={({ base, head }) => `${base},${head}`}
          onOpen={({ base, head }) => onOpen(`${base},${head}`)}
        />
        <p className="max-w-200 px-4 py-2 text-xs text-muted text-pretty">
          The win rate counts a tie as half a win. “Better” and “worse” need a p below {alpha}
          {result.pairs.length > 1 && ", corrected for multiple comparisons (Holm)"}. The test is the sign test on won
          and lost items (McNemar's exact test). Ties include equal answers and verdicts that changed with the order.
        </p>
      </Section>
      <Bias bias={result.bias} />
    </>
  );
}

const columnsFor = (nameOf: (id: string) => string): readonly PlainColumn<JudgedPair>[] => [
  {
    id: "runs",
    header: "Run and base",
    className: "w-full min-w-36",
    cell: ({ base, head }) => (
      <span className="[overflow-wrap:anywhere]">
        <span className="font-medium">{nameOf(head)}</span>{" "}
        <span className="text-muted">compared with {nameOf(base)}</span>
      </span>
    ),
  },
  {
    id: "verdict",
    header: "Verdict",
    cell: ({ verdict, moreItems }) => (
      <Verdict verdict={verdict} moreItems={verdict === "inconclusive" ? moreItems : null} />
    ),
  },
  { id: "rate", header: "Win rate", isNumber: true, cell: (pair) => <Rate pair={pair} /> },
  {
    id: "counts",
    header: "Won / tied / lost",
    isNumber: true,
    cell: ({ wins, ties, losses }) => (
      <span className="inline-flex flex-col items-end gap-1">
        <span>
          {formatCount(wins)} <span className="text-muted">/</span> {formatCount(ties)}{" "}
          <span className="text-muted">/</span> {formatCount(losses)}
        </span>
        <ShareBar parts={[wins, ties, losses]} label={`${wins} won, ${ties} tied, ${losses} lost`} />
      </span>
    ),
  },
  {
    id: "ties",
    header: (
      <span title="Ties where the verdict changed with the order, and ties with equal answers">Order / equal</span>
    ),
    isNumber: true,
    isWide: true,
    cell: ({ inconsistent, same }) => (
      <span className="text-muted">
        {formatCount(inconsistent)} / {formatCount(same)}
      </span>
    ),
  },
  {
    id: "failed",
    header: "Failed",
    isNumber: true,
    isWide: true,
    cell: ({ failed }) =>
      failed === 0 ? <span className="text-muted">0</span> : <span className="text-bad">{formatCount(failed)}</span>,
  },
  {
    id: "p",
    header: "p",
    isNumber: true,
    cell: ({ pValue, adjustedPValue }) => pWords(adjustedPValue ?? pValue),
  },
];

function Rate({ pair: { winRate, interval, verdict } }: { pair: JudgedPair }) {
  if (winRate === null) return <span className="text-muted">–</span>;
  const words = interval ? `[${formatPercent(interval.low)}, ${formatPercent(interval.high)}]` : "";
  const look = verdict === "better" ? "text-good" : verdict === "worse" ? "text-bad" : "text-muted";
  return (
    <span className="inline-flex items-center gap-3">
      <span className="max-md:hidden">
        <IntervalBar
          label={`${formatPercent(winRate)} ${words}`}
          value={winRate}
          interval={interval}
          from={0}
          to={1}
          zero={0.5}
          look={look}
        />
      </span>
      <span className="min-w-20">
        <span className="font-medium">{formatPercent(winRate)}</span>
        <span className="block text-xs text-muted">{words}</span>
      </span>
    </span>
  );
}

/** Judges can prefer a position; such verdicts count as ties. */
function Bias({ bias }: { bias: NonNullable<Judging["result"]>["bias"] }) {
  const { judged, inconsistent, rate, interval, firstPlace, secondPlace, pValue } = bias;
  if (rate === null) return null;
  const facts = [
    ["Changed with the order", `${formatPercent(rate)} of ${formatCount(judged)}`],
    ["95% interval", interval ? `${formatPercent(interval.low)} to ${formatPercent(interval.high)}` : "–"],
    ["First answer won twice / second answer won twice", `${formatCount(firstPlace)} / ${formatCount(secondPlace)}`],
    ["p of no position bias", pWords(pValue)],
  ] as const;
  return (
    <Section
      title="Position bias"
      description={
        inconsistent === 0
          ? "The judge always gave the same verdict in both orders."
          : "If the judge's verdict changes with the order of the answers, it counts as a tie."
      }
    >
      <dl className="grid grid-cols-4 gap-x-6 gap-y-2 px-4 pb-4 max-lg:grid-cols-2 max-sm:grid-cols-1">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt className="text-xs text-muted">{name}</dt>
            <dd className="num">{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
