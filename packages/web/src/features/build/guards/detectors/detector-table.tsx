import { Link } from "@tanstack/react-router";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import { detectorLabel } from "../shared/detector-words.ts";
import { rateWords } from "../shared/share-words.ts";
import type { Detector } from "../shared/use-detectors.ts";

/** The detectors, those with labels or findings first. */
export const DetectorTable = ({ detectors }: { detectors: readonly Detector[] | undefined }) => (
  <PlainTable label="Detectors" columns={COLUMNS} rows={detectors?.toSorted(byUse)} idOf={({ name }) => name} />
);

const byUse = (one: Detector, other: Detector) =>
  other.precision.of - one.precision.of ||
  other.fired.count - one.fired.count ||
  detectorLabel(one.name).localeCompare(detectorLabel(other.name));

/** Whether a finding is certain. */
export const certaintyWords = ({ isDeterministic }: Detector): string =>
  isDeterministic ? "Certain by form" : "Probability";

const Rate = ({ counted, noun }: { counted: Detector["precision"]; noun: string }) => {
  const { value, note } = rateWords(counted, noun);
  return (
    <span className="flex flex-col py-1 whitespace-normal">
      <span className={note === "" || counted.of < 20 ? "text-muted" : "font-medium"}>{value}</span>
      {note && <span className="text-xs text-muted">{note}</span>}
    </span>
  );
};

const COLUMNS: readonly PlainColumn<Detector>[] = [
  {
    id: "name",
    header: "Detector",
    className: "w-full md:w-2/5",
    cell: (detector) => <NameCell detector={detector} />,
  },
  { id: "certainty", header: "Score", isWide: true, className: "whitespace-nowrap", cell: certaintyWords },
  {
    id: "precision",
    header: "Precision",
    isNumber: true,
    isWide: true,
    cell: ({ precision }) => <Rate counted={precision} noun="label" />,
  },
  {
    id: "disputed",
    header: "Disputed",
    isNumber: true,
    isWide: true,
    cell: ({ disputed }) => formatCount(disputed),
  },
  {
    id: "fired",
    header: "Flag rate, 7 days",
    isNumber: true,
    isWide: true,
    cell: ({ fired }) => <Rate counted={fired} noun="call" />,
  },
];

function NameCell({ detector }: { detector: Detector }) {
  const { name, description, precision, fired, disputed } = detector;
  return (
    <div className="flex min-w-0 flex-col gap-0.5 py-1">
      <Link to="/guards/detectors/$name" params={{ name }} className="font-medium hover:underline">
        {detectorLabel(name)}
      </Link>
      <span className="text-xs text-muted text-pretty">{description}</span>
      {/* On a phone there is no room for more columns. */}
      <dl className="num mt-1 grid grid-cols-[auto_1fr] gap-x-3 text-xs md:hidden">
        <Line label="Score" value={certaintyWords(detector)} />
        <Line label="Precision" {...rateWords(precision, "label")} />
        {disputed > 0 && <Line label="Disputed" value={formatCount(disputed)} />}
        <Line label="Flag rate, 7 days" {...rateWords(fired, "call")} />
      </dl>
    </div>
  );
}

const Line = ({ label, value, note = "" }: { label: string; value: string; note?: string }) => (
  <>
    <dt className="text-muted">{label}</dt>
    <dd>
      {value}
      {note && <span className="text-muted"> ({note})</span>}
    </dd>
  </>
);
