import { StatusCell, TimeCell } from "../../../../components/table/cells.tsx";
import type { Column } from "../../../../components/table/table-layout.ts";
import type { SimilarSpan } from "../meaning/use-similar.ts";
import { SPAN_COLUMNS } from "./list-span-columns.tsx";

/** Shown before anything else is chosen: what was compared comes first. */
const FIRST = ["input", "output", "name", "model", "time", "status", "user"];

const rest = SPAN_COLUMNS.map(({ order: _, ...column }): Column<SimilarSpan> => ({ ...column, isExtra: true }));

/** Columns of spans that were found by meaning. They stand by similarity and are not sorted otherwise. */
export const SIMILAR_COLUMNS: readonly Column<SimilarSpan>[] = [
  {
    id: "similarity",
    header: "Similarity",
    width: 112,
    order: "similarity",
    cell: ({ similarity }) => <Similarity value={similarity} />,
  },
  ...FIRST.flatMap((id) => rest.filter((column) => column.id === id)).map((column) => ({
    ...column,
    isExtra: false,
  })),
  ...rest.filter(({ id }) => !FIRST.includes(id)),
];

/** The cosine as a bar and a number. A negative one says no more than nothing in common. */
function Similarity({ value }: { value: number }) {
  const share = Math.min(1, Math.max(0, value));
  return (
    <span className="num flex w-full items-center gap-2" title={`Cosine ${value.toFixed(4)}(1 is identical)`}>
      <span aria-hidden className="h-1.5 w-12 shrink-0 overflow-hidden rounded-full bg-raised">
        <span className="block h-full rounded-full bg-accent" style={{ width: `${share * 100}%` }} />
      </span>
      {value.toFixed(2)}
    </span>
  );
}

/** The same on a narrow screen, in two lines. */
export function NarrowSimilar({ span }: { span: SimilarSpan }) {
  return (
    <>
      <div className="flex items-center justify-between gap-3">
        <span dir="auto" className="truncate font-medium">
          {span.inputPreview || span.outputPreview || span.name}
        </span>
        <span className="shrink-0">
          <Similarity value={span.similarity} />
        </span>
      </div>
      <div className="num mt-1 flex items-center gap-3 overflow-hidden whitespace-nowrap text-muted">
        <StatusCell status={span.status} />
        <TimeCell iso={span.startTime} />
        <span dir="auto" className="truncate">
          {span.name}
        </span>
      </div>
    </>
  );
}
