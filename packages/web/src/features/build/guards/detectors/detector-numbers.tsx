import { formatCount } from "../../../../components/text/format.ts";
import { rateWords } from "../shared/share-words.ts";
import type { Detector } from "../shared/use-detectors.ts";

/** The numbers of a detector in the project. */
export function DetectorNumbers({ detector: { precision, disputed, fired } }: { detector: Detector }) {
  const wrong = precision.of - precision.count;
  return (
    <dl aria-label="Numbers" className="card num grid grid-cols-4 gap-x-4 gap-y-3 p-4 max-lg:grid-cols-2">
      <Fact label="Precision by labels" {...rateWords(precision, "label")} />
      <Fact
        label="Labeled findings"
        value={formatCount(precision.of + disputed)}
        note={`${formatCount(precision.count)} right, ${formatCount(wrong)} false ${wrong === 1 ? "alarm" : "alarms"}`}
      />
      <Fact
        label="Disputed"
        value={formatCount(disputed)}
        note="As many labels for each side. They count in no precision."
      />
      <Fact label="Flag rate, 7 days" {...rateWords(fired, "call")} />
    </dl>
  );
}

const Fact = ({ label, value, note }: { label: string; value: string; note: string }) => (
  <div className="min-w-0">
    <dt className="text-xs text-muted">{label}</dt>
    <dd className="text-lg font-semibold tracking-tight">{value}</dd>
    {note && <dd className="text-xs text-muted text-pretty">{note}</dd>}
  </div>
);
