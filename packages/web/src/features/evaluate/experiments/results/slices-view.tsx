import { EmptyState, ErrorState } from "../../../../components/feedback/states.tsx";
import { Select } from "../../../../components/form/field.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import { formatValue } from "../../scorers/index.ts";
import { IntervalBar } from "../shared/interval-bar.tsx";
import type { Run } from "../shared/use-experiments.ts";
import { type Slices, useSlices } from "../shared/use-runs.ts";
import { Verdict } from "../shared/verdict.tsx";
import { differenceWords, intervalWords, type Output, pWords } from "../shared/words.ts";

type Slice = Slices["items"][number];
type ViewProps = {
  run: Run;
  base: Run | undefined;
  scorer: string | undefined;
  field: string | undefined;
  onScorer: (scorer: string | undefined) => void;
  onField?: (field: string | undefined) => void;
  /** Opens the items of a slice, in the API's format. */
  onOpen: (slice: string) => void;
};

/** A score by slices of the items, worst first: where a run is weak, or worse than its base. */
export function SlicesView({ run, base, scorer: asked, field, onScorer, onField, onOpen }: ViewProps) {
  const scorer = run.scorers.find(({ key }) => key === asked) ?? run.scorers[0];
  const slices = useSlices({ runId: run.runId, base: base?.runId, scorer: scorer?.key, field });
  if (!scorer) return <EmptyState title="No score to slice">This experiment has no scorers.</EmptyState>;
  if (slices.error && !slices.data)
    return <ErrorState error={slices.error} retry={() => slices.refetch()} title="The slices could not be computed" />;
  const { data } = slices;
  if (data && data.fields.length === 0)
    return (
      <EmptyState title="No slices available">
        The items have no splits, and no metadata field with a few repeated values. Add metadata such as a topic or a
        language to the items of the dataset.
      </EmptyState>
    );
  return (
    <Section
      title={base ? `${run.name} compared with ${base.name}, by slice` : `${run.name}, by slice`}
      description={
        base
          ? "Compares each slice separately, worst first. The p-values are corrected for the number of slices (Holm)."
          : "Compares each slice with all other items, worst first. The p-values are corrected for the number of slices (Holm)."
      }
      action={
        <>
          {onField && data && data.fields.length > 1 && (
            <Select
              aria-label="Field"
              value={field ?? ""}
              onChange={({ target }) => onField(target.value || undefined)}
              className="w-40!"
            >
              <option value="">All fields</option>
              {data.fields.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </Select>
          )}
          {run.scorers.length > 1 && (
            <Select
              aria-label="Slice score"
              value={scorer.key}
              onChange={({ target }) => onScorer(target.value)}
              className="w-40!"
            >
              {run.scorers.map(({ key, name }) => (
                <option key={key} value={key}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </>
      }
      className="overflow-hidden"
    >
      {data && <Worst slices={data} output={scorer.output} />}
      <PlainTable
        label="Slices"
        columns={columnsFor(scorer.output, base !== undefined)}
        rows={data?.items}
        idOf={({ field: name, value }) => `${name}=${value}`}
        onOpen={({ field: name, value }) => onOpen(`${name}=${value}`)}
      />
    </Section>
  );
}

function Worst({ slices: { worst }, output }: { slices: Slices; output: Output }) {
  if (!worst) return <p className="px-4 pb-3 text-muted">No slice is significantly worse.</p>;
  return (
    <p className="mx-4 mb-3 rounded-control bg-bad-soft px-3 py-2">
      Worst: <span className="font-medium">{`${worst.field} = ${worst.value}`}</span>,{" "}
      {differenceWords(worst.difference, output)}{" "}
      {worst.interval &&
        `[${differenceWords(worst.interval.low, output)}, ${differenceWords(worst.interval.high, output)}]`}{" "}
      on {formatCount(worst.items)} items, corrected p {pWords(worst.adjustedPValue)}.
    </p>
  );
}

const columnsFor = (output: Output, hasBase: boolean): readonly PlainColumn<Slice>[] => [
  {
    id: "slice",
    header: "Slice",
    className: "w-full min-w-36",
    cell: ({ field, value }) => (
      <span className="[overflow-wrap:anywhere]">
        <span className="text-muted">{field} = </span>
        <span className="font-medium">{value}</span>
      </span>
    ),
  },
  { id: "items", header: "n", isNumber: true, cell: ({ items }) => formatCount(items) },
  {
    id: "mean",
    header: "Score",
    isNumber: true,
    cell: ({ mean, meanInterval }) => (
      <>
        {formatValue(mean, output)}
        {meanInterval && (
          <span
            className="block text-xs text-muted max-sm:hidden"
            title={`${Math.round(meanInterval.level * 100)}% interval`}
          >
            {`${formatValue(meanInterval.low, output)} to ${formatValue(meanInterval.high, output)}`}
          </span>
        )}
      </>
    ),
  },
  {
    id: "reference",
    header: hasBase ? "Base" : "Other items",
    isNumber: true,
    isWide: true,
    cell: ({ reference }) => <span className="text-muted">{formatValue(reference, output)}</span>,
  },
  {
    id: "difference",
    header: "Difference",
    isNumber: true,
    cell: ({ difference, interval }) => {
      const most = Math.max(Math.abs(difference), Math.abs(interval?.low ?? 0), Math.abs(interval?.high ?? 0), 1e-9);
      return (
        <span className="inline-flex items-center gap-2">
          <span className="max-lg:hidden">
            <IntervalBar
              label={`${differenceWords(difference, output)} ${intervalWords(interval, output)}`}
              value={difference}
              interval={interval}
              from={-most}
              to={most}
              zero={0}
              width={96}
            />
          </span>
          {differenceWords(difference, output)}
        </span>
      );
    },
  },
  {
    id: "p",
    header: "Corrected p",
    isNumber: true,
    isWide: true,
    cell: ({ adjustedPValue }) => pWords(adjustedPValue),
  },
  { id: "verdict", header: "Verdict", cell: ({ verdict }) => <Verdict verdict={verdict} /> },
];
