import { Section } from "../../../../components/layout/page.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { rateWords } from "../shared/share-words.ts";
import type { Detector } from "../shared/use-detectors.ts";

type Group = { readonly name: string; readonly calls: Detector["fired"] };

/** The share of last week's checked calls with a finding, by endpoint and day. */
export function FlagRates({ detector: { byEndpoint, byDay, fired } }: { detector: Detector }) {
  if (fired.of === 0)
    return (
      <Section title="Flag rate, last 7 days">
        <p className="px-4 pb-4 text-muted">
          No call of the last 7 days was checked by a policy with this detector. Add a rule with the action Observe to
          see how often it finds something.
        </p>
      </Section>
    );
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <RateTable
        title="Flag rate by endpoint"
        noun="Endpoint"
        none="No endpoint"
        groups={byEndpoint.map(({ endpoint, calls }) => ({ name: endpoint, calls }))}
      />
      <RateTable
        title="Flag rate by day"
        noun="Day (UTC)"
        groups={byDay.map(({ day, calls }) => ({ name: day, calls }))}
      />
    </div>
  );
}

type TableProps = { title: string; noun: string; none?: string; groups: readonly Group[] };

const RateTable = ({ title, noun, none = "None", groups }: TableProps) => (
  <Section
    title={title}
    description="Calls of the last 7 days with a finding, of the calls whose policy has the detector."
  >
    <PlainTable label={title} columns={columnsOf(noun, none)} rows={groups} idOf={({ name }) => name} />
  </Section>
);

const columnsOf = (noun: string, none: string): readonly PlainColumn<Group>[] => [
  {
    id: "name",
    header: noun,
    className: "w-full [overflow-wrap:anywhere]",
    cell: ({ name }) => (name === "" ? <span className="text-muted">{none}</span> : name),
  },
  { id: "rate", header: "Flag rate", isNumber: true, cell: ({ calls }) => <RateCell calls={calls} /> },
];

function RateCell({ calls }: { calls: Group["calls"] }) {
  const { value, note } = rateWords(calls, "call");
  return (
    <span className="flex flex-col py-1">
      <span>{value}</span>
      <span className="text-xs text-muted">{note}</span>
    </span>
  );
}
