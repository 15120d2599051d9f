import { Section } from "../../../components/layout/page.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { formatCount, formatPercent } from "../../../components/text/format.ts";
import {
  DIFFERENCE_WORDS,
  formatDifference,
  formatEvidence,
  formatPValue,
  formatRange,
  formatRelative,
  formatShare,
  formatValue,
  MATCH_WORDS,
  OUTCOME_WORDS,
} from "./shadow-words.ts";
import type { ShadowResults } from "./use-shadows.ts";

type Match = ShadowResults["matches"][number];
type Outcome = ShadowResults["outcomes"][number];
type Difference = ShadowResults["differences"][number];

/** The two answers compared within pairs. Intervals and evidence are valid at each look. */
export function ResultsSections({ results }: { results: ShadowResults }) {
  if (results.pairs === 0)
    return (
      <Section title="Results">
        <p className="px-4 pb-4 text-muted">No pairs yet. They appear when the candidate has answered.</p>
      </Section>
    );
  return (
    <>
      <Section title="Agreement" description="How often both give the same answer." className="overflow-hidden">
        <PlainTable label="Agreement" columns={MATCH_COLUMNS} rows={results.matches} idOf={({ key }) => key} />
      </Section>
      <Section
        title="Differences"
        description="Candidate minus primary, with 95% intervals. Evidence of 20 and more is a difference."
        className="overflow-hidden"
      >
        <PlainTable label="Differences" columns={COLUMNS} rows={results.differences} idOf={({ key }) => key} />
      </Section>
      <Section
        title="Outcomes"
        description="Only pairs in which one side succeeds speak for a side."
        className="overflow-hidden"
      >
        <PlainTable label="Outcomes" columns={OUTCOME_COLUMNS} rows={results.outcomes} idOf={({ key }) => key} />
      </Section>
    </>
  );
}

const Two = ({ main, small }: { main: string; small: string }) => (
  <span className="flex flex-col items-end">
    <span>{main}</span>
    <span className="text-xs text-muted">{small}</span>
  </span>
);

/** The interval of a mean needs pairs that vary, and enough of them. */
const withoutInterval = (n: number) => (n >= 100 ? "the same in all pairs" : "interval from 100 pairs on");

const pairs = ({ pairs: n }: { pairs: number }) => formatCount(n);

const MATCH_COLUMNS: readonly PlainColumn<Match>[] = [
  { id: "key", header: "Match", className: "w-full min-w-32", cell: ({ key }) => MATCH_WORDS[key] },
  {
    id: "share",
    header: "Share",
    isNumber: true,
    cell: ({ share, interval }) => <Two main={formatShare(share)} small={formatRange(interval, formatPercent)} />,
  },
  { id: "pairs", header: "Pairs", isNumber: true, cell: pairs },
];

const COLUMNS: readonly PlainColumn<Difference>[] = [
  { id: "key", header: "Measure", className: "w-full min-w-28", cell: ({ key }) => DIFFERENCE_WORDS[key] },
  {
    id: "primary",
    header: "Primary",
    isNumber: true,
    isWide: true,
    cell: ({ key, primary }) => formatValue(key, primary),
  },
  { id: "candidate", header: "Candidate", isNumber: true, cell: ({ key, candidate }) => formatValue(key, candidate) },
  {
    id: "difference",
    header: "Difference",
    isNumber: true,
    cell: ({ key, pairs: n, difference, interval }) => (
      <Two
        main={formatDifference(key, difference)}
        small={interval ? formatRange(interval, (value) => formatDifference(key, value)) : withoutInterval(n)}
      />
    ),
  },
  {
    id: "relative",
    header: "Per pair",
    isNumber: true,
    isWide: true,
    cell: ({ relative, relativeInterval }) => (
      <Two main={formatRelative(relative)} small={formatRange(relativeInterval, formatRelative)} />
    ),
  },
  { id: "evidence", header: "Evidence", isNumber: true, cell: ({ evidence }) => formatEvidence(evidence) },
  { id: "pairs", header: "Pairs", isNumber: true, isWide: true, cell: pairs },
];

const OUTCOME_COLUMNS: readonly PlainColumn<Outcome>[] = [
  { id: "key", header: "Outcome", className: "w-full min-w-32", cell: ({ key }) => OUTCOME_WORDS[key] },
  {
    id: "primary",
    header: "Primary",
    isNumber: true,
    cell: ({ primary, primaryOnly }) => <Two main={formatShare(primary)} small={`${primaryOnly} alone`} />,
  },
  {
    id: "candidate",
    header: "Candidate",
    isNumber: true,
    cell: ({ candidate, candidateOnly }) => <Two main={formatShare(candidate)} small={`${candidateOnly} alone`} />,
  },
  {
    id: "evidence",
    header: "Evidence",
    isNumber: true,
    cell: ({ evidence, pValue }) => <Two main={formatEvidence(evidence)} small={`McNemar ${formatPValue(pValue)}`} />,
  },
  { id: "pairs", header: "Pairs", isNumber: true, isWide: true, cell: pairs },
];
