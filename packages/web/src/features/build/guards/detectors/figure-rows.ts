import { formatPercent } from "../../../../components/text/format.ts";
import type { Figure } from "../shared/use-detectors.ts";

export type FigureTable = {
  /** Such as *Recall at 1%*. */
  readonly columns: readonly string[];
  readonly rows: readonly FigureRow[];
};
export type FigureRow = {
  readonly set: string;
  readonly about: string;
  /** One for each column; undefined where the set was not measured. */
  readonly cells: readonly (Figure | undefined)[];
};

const MEASURES: Readonly<Record<Figure["measure"], string>> = {
  recall: "Recall",
  precision: "Precision",
  flagged: "Flagged",
};
const columnOf = ({ measure, at }: Figure): string =>
  at === null ? MEASURES[measure] : `${MEASURES[measure]} at ${formatPercent(at)}`;

/** Figures as a table: a row for each set, a column for each measure and threshold. */
export function toTable(figures: readonly Figure[]): FigureTable {
  const columns = [...new Set(figures.map(columnOf))];
  const sets = [...Map.groupBy(figures, ({ set, about }) => `${set}\n${about}`).values()];
  return {
    columns,
    rows: sets.flatMap((group) => {
      const [first] = group;
      if (!first) return [];
      const cells = columns.map((column) => group.find((figure) => columnOf(figure) === column));
      return [{ set: first.set, about: first.about, cells }];
    }),
  };
}

/** What a detector finds, and what it reports wrongly. */
export const splitFigures = (figures: readonly Figure[]) => ({
  found: figures.filter(({ measure }) => measure !== "flagged"),
  flagged: figures.filter(({ measure }) => measure === "flagged"),
});
