import { formatCount, formatPercent } from "../../components/format.ts";
import { Section } from "../../components/page.tsx";
import { type PlainColumn, PlainTable } from "../../components/plain-table.tsx";
import { IntervalBar } from "./interval-bar.tsx";
import { ShareBar } from "./share-bar.tsx";
import type { JudgedPair, Judging } from "./use-judgings.ts";
import { Verdict } from "./verdict.tsx";
import { pWords } from "./words.ts";

type ResultProps = {
  judging: Judging;
  /** Leads to the verdicts of a pair, named as `base,head`. */
  onOpen: (pair: string) => void;
};

/** Each pair of runs: items won, tied and lost, how sure that is, and what the order of the answers did to the judge. */
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
          The win rate counts a tie as half. A verdict needs a p under {alpha}
          {result.pairs.length > 1 && ", corrected by Holm over the pairs"}: the sign test over items won and lost,
          which is McNemar's exact test. Ties hold the answers that are the same and those where the order decided.
        </p>
      </Section>
      <Bias bias={result.bias} />
    </>
  );
}

const columnsFor = (nameOf: (id: string) => string): readonly PlainColumn<JudgedPair>[] => [
  {
    id: "runs",
    header: "Head against base",
    className: "w-full min-w-36",
    cell: ({ base, head }) => (
      <span className="[overflow-wrap:anywhere]">
        <span className="font-medium">{nameOf(head)}</span> <span className="text-muted">against {nameOf(base)}</span>
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
    header: <span title="Of the ties: the order decided, or both answers are the same">By order / same</span>,
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
          {...{ value: winRate, interval, from: 0, to: 1, zero: 0.5, look }}
        />
      </span>
      <span className="min-w-20">
        <span className="font-medium">{formatPercent(winRate)}</span>
        <span className="block text-xs text-muted">{words}</span>
      </span>
    </span>
  );
}

/** Judges like what stands in one place; those verdicts decide nothing. */
function Bias({ bias }: { bias: NonNullable<Judging["result"]>["bias"] }) {
  const { judged, inconsistent, rate, interval, firstPlace, secondPlace, pValue } = bias;
  if (rate === null) return null;
  const facts = [
    ["Changed with the order", `${formatPercent(rate)} of ${formatCount(judged)}`],
    ["95% interval", interval ? `${formatPercent(interval.low)} to ${formatPercent(interval.high)}` : "–"],
    ["First won twice / second won twice", `${formatCount(firstPlace)} / ${formatCount(secondPlace)}`],
    ["p that places do not matter", pWords(pValue)],
  ] as const;
  return (
    <Section
      title="Does the order decide?"
      description={
        inconsistent === 0
          ? "The judge said the same in both orders each time."
          : "Where the judge says something else once the answers change places, its verdict counts as a tie."
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
