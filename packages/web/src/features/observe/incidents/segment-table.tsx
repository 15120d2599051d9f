import { Section } from "../../../components/layout/page.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { formatCount, formatPercent } from "../../../components/text/format.ts";
import { unitLook } from "../../../components/text/unit.ts";
import { partsOf, pWords } from "./incident-words.ts";
import type { Comparison, Evidence, Segment } from "./use-incidents.ts";

const TITLES: Readonly<Record<Comparison["against"], string>> = {
  before: "Compared with the time before",
  week: "Compared with the same time last week",
};
const ALPHA = 0.05;
const isSignificant = ({ q }: Segment): boolean => q !== null && q < ALPHA;

/** Where the change lies: each value of each dimension, with its part of the change. */
export function SegmentTable({ evidence, comparison }: { evidence: Evidence; comparison: Comparison }) {
  const { against, now, before, p, tested, segments } = comparison;
  const { format } = unitLook(evidence.unit);
  const value = (one: Comparison["now"]) =>
    one.value === null
      ? "no spans"
      : `${format(one.value)}${one.lower === null || one.upper === null ? "" : ` [${format(one.lower)} to ${format(one.upper)}]`} of ${formatCount(one.n)} spans`;
  const chance = p === null ? "" : `, p = ${pWords(p)}`;
  const words =
    before.n === 0 ? "There are no spans to compare with." : `${value(now)} now, ${value(before)} then${chance}.`;
  return (
    <Section
      title={TITLES[against]}
      description={`${words}${tested > 0 ? ` ${formatCount(tested)} values were tested. A small adjusted p shows that a value changed differently from the rest.` : ""}`}
    >
      {segments.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled box must be reachable to be scrolled by keyboard.
        <div className="max-h-120 overflow-y-auto focus-visible:-outline-offset-2" tabIndex={0}>
          <PlainTable
            label={TITLES[against]}
            columns={columnsOf(evidence)}
            rows={segments}
            idOf={({ parts }) => JSON.stringify(parts)}
          />
        </div>
      )}
    </Section>
  );
}

function columnsOf({ unit }: Evidence): readonly PlainColumn<Segment>[] {
  const { format } = unitLook(unit);
  const show = (value: number | null) => (value === null ? "–" : format(value));
  return [
    { id: "segment", header: "Segment", className: "w-full min-w-44", cell: (segment) => <Name segment={segment} /> },
    { id: "now", header: "Now", isNumber: true, cell: ({ now }) => show(now.value) },
    { id: "before", header: "Before", isNumber: true, cell: ({ before }) => show(before.value) },
    { id: "n", header: "Spans now", isNumber: true, isWide: true, cell: ({ now }) => formatCount(now.n) },
    {
      id: "share",
      header: "Share now",
      isNumber: true,
      isWide: true,
      cell: ({ now }) => (now.share === null ? "–" : formatPercent(now.share)),
    },
    changeColumn(unit),
    CHANCE_COLUMN,
  ];
}

const changeColumn = (unit: Evidence["unit"]): PlainColumn<Segment> => ({
  id: "change",
  header: "Part of change",
  isNumber: true,
  isWide: true,
  cell: ({ change }) =>
    unit === "ratio" ? pointsOf(change) : `${change > 0 ? "+" : ""}${unitLook(unit).format(change)}`,
});

const CHANCE_COLUMN: PlainColumn<Segment> = {
  id: "q",
  header: "Adjusted p",
  isNumber: true,
  cell: (segment) => (
    <span className={isSignificant(segment) ? "font-medium" : "text-muted"}>
      {segment.q === null ? "–" : pWords(segment.q)}
    </span>
  ),
};

/** A difference of rates in percentage points. */
const pointsOf = (change: number): string => `${change > 0 ? "+" : ""}${Number((change * 100).toPrecision(2))} points`;

function Name({ segment }: { segment: Segment }) {
  return (
    <span className="flex flex-wrap items-baseline gap-x-2">
      {partsOf(segment).map(({ name, value }) => (
        <span key={name} className="[overflow-wrap:anywhere]">
          <span className="text-muted">{name}</span> {value}
        </span>
      ))}
      {segment.isOutcome && <span className="text-xs text-muted">describes the failure</span>}
    </span>
  );
}
