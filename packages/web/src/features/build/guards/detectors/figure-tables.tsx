import { Section } from "../../../../components/layout/page.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatCount, formatPercent } from "../../../../components/text/format.ts";
import { countryName } from "../shared/countries.ts";
import type { Detector, Figure } from "../shared/use-detectors.ts";
import { type FigureRow, splitFigures, toTable } from "./figure-rows.ts";

/** The results of a detector on sets of texts that come with Treadle. */
export function FigureTables({ detector: { figures } }: { detector: Detector }) {
  if (figures.length === 0)
    return (
      <Section title="Results on built-in sets">
        <p className="px-4 pb-4 text-muted">
          This detector has no results on built-in sets. What it finds depends on its options, or on a service or model
          that it asks. Preview a policy on your own calls.
        </p>
      </Section>
    );
  const { found, flagged } = splitFigures(figures);
  const hasThresholds = figures.some(({ at }) => at !== null);
  return (
    <>
      <Results
        title="Results on built-in sets"
        description={`Recall is the share of the texts or values to find that is found. ${hasThresholds ? "At 1% means: with the threshold that flags 1% of ordinary texts. No text of a set was used for training." : "Precision is the share of findings that are right."} Real texts differ.`}
        figures={found}
      />
      {flagged.length > 0 && (
        <Results
          title="False positives on built-in sets"
          description="The share of texts that the threshold flags, by set. These texts are no attacks, unless the set says so."
          figures={flagged}
        />
      )}
    </>
  );
}

type ResultsProps = { title: string; description: string; figures: readonly Figure[] };

function Results({ title, description, figures }: ResultsProps) {
  const { columns, rows } = toTable(figures);
  return (
    <Section title={title} description={`${description} Intervals are 95%.`}>
      <PlainTable
        label={title}
        columns={[SET, ...columns.map(shareColumn)]}
        rows={rows}
        idOf={({ set, about }) => `${set} ${about}`}
      />
    </Section>
  );
}

/** Some sets are countries. */
const setWords = (set: string) => (/^[A-Z]{2}$/.test(set) ? countryName(set) : set);

const SET: PlainColumn<FigureRow> = {
  id: "set",
  header: "Set",
  className: "w-full min-w-32 [overflow-wrap:anywhere]",
  cell: ({ set, about, cells }) => (
    <span className="flex flex-col py-1">
      <span className="font-medium">{setWords(set)}</span>
      <span className="text-xs text-muted">
        {about}, {formatCount(Math.max(...cells.map((figure) => figure?.texts ?? 0)))} texts
      </span>
    </span>
  ),
};

const shareColumn = (header: string, place: number): PlainColumn<FigureRow> => ({
  id: header,
  header: <span className="whitespace-normal">{header}</span>,
  isNumber: true,
  cell: ({ cells }) => <ShareCell figure={cells[place]} />,
});

const ShareCell = ({ figure }: { figure: Figure | undefined }) =>
  figure ? (
    <span className="flex flex-col py-1">
      <span className="font-medium">{formatPercent(figure.value)}</span>
      <span className="text-xs text-muted">
        {formatPercent(figure.low)} to {formatPercent(figure.high)}
      </span>
    </span>
  ) : (
    <span className="text-faint">–</span>
  );
