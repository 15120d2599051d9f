import { Sparkline } from "../../../components/chart/sparkline.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { formatEffect, formatInterval, formatP, formatSide } from "./drift-words.tsx";
import type { DriftRun, DriftSignal } from "./use-drift.ts";

/** The signals of a day, the strongest change first, each with its course over the days. */
export function SignalTable({ runs, shown }: { runs: readonly DriftRun[]; shown: DriftRun }) {
  return (
    <Section
      title="Signals"
      description="A change counts if it is large (5 points, or an AUC of 0.6) and significant (p < 0.01 after correction)."
      className="overflow-hidden"
    >
      <PlainTable label="Signals" columns={columnsOf(runs)} rows={shown.signals} idOf={({ signal }) => signal} />
    </Section>
  );
}

const columnsOf = (runs: readonly DriftRun[]): readonly PlainColumn<DriftSignal>[] => [
  { id: "label", header: "Signal", className: "w-full min-w-28 [overflow-wrap:anywhere]", cell: ({ label }) => label },
  {
    id: "reference",
    header: "Reference",
    isNumber: true,
    isWide: true,
    cell: (signal) => formatSide(signal, signal.reference),
  },
  { id: "current", header: "Day", isNumber: true, isWide: true, cell: (signal) => formatSide(signal, signal.current) },
  { id: "change", header: "Change", isNumber: true, cell: (signal) => <Change signal={signal} /> },
  {
    id: "step",
    header: "Against last week",
    isNumber: true,
    isWide: true,
    cell: ({ effect, step }) => (step === null ? "–" : formatEffect({ effect, value: step })),
  },
  { id: "p", header: "p", isNumber: true, isWide: true, cell: ({ pValue }) => formatP(pValue) },
  {
    id: "course",
    header: "Days",
    isWide: true,
    className: "min-w-32",
    cell: ({ signal, effect }) => <Sparkline values={courseOf(runs, signal, effect)} />,
  },
  { id: "verdict", header: "Verdict", className: "whitespace-nowrap", cell: (signal) => <Verdict signal={signal} /> },
];

const Change = ({ signal }: { signal: DriftSignal }) => (
  <span className="flex flex-col items-end">
    {formatEffect(signal)}
    <span className="text-xs text-muted">{formatInterval(signal)}</span>
  </span>
);

function Verdict({ signal: { isConfirmed, isChanged, isLarge, effect } }: { signal: DriftSignal }) {
  if (isConfirmed) return <span className="text-bad">● confirmed</span>;
  if (isChanged) return <span className="text-warn">● changed</span>;
  if (effect === "mmd") return <span className="text-muted">○ evidence only</span>;
  return <span className="text-muted">○ {isLarge ? "not significant" : "small"}</span>;
}

/** The size of the change on each day, from no change. Null where the signal was not measured. */
const courseOf = (runs: readonly DriftRun[], name: string, effect: DriftSignal["effect"]) =>
  runs.map((run) => {
    const found = run.signals.find(({ signal }) => signal === name);
    return found ? found.value - (effect === "auc" ? 0.5 : 0) : null;
  });
