import { readTime } from "../../../../components/chart/chart-data.ts";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { CHANGE_HEAD, ChangeText } from "../../../../components/text/change-text.tsx";
import type { Metrics, MetricsRow } from "./chart-lines.ts";
import { dimensionLabel, valueLabel } from "./measures.ts";
import { changeOf, type Part, write } from "./row-values.ts";

/** On a phone, only the first number shows its change. */
const NARROW = "@max-md/chart:hidden";

type TableProps = {
  title: string;
  metrics: Metrics;
  previousOf: (row: MetricsRow) => MetricsRow | undefined;
  onOpen: (part: Part) => void;
};

/** Groups with their measures and changes; the first measure has a bar. */
export function GroupTable({ title, metrics, previousOf, onOpen }: TableProps) {
  const { columns, rows } = metrics;
  const dimensions = columns.filter(({ role }) => role === "dimension").map(({ name }) => name);
  const measures = columns.filter(({ role }) => role === "measure");
  const [first = ""] = measures.map(({ name }) => name);
  const most = Math.max(0, ...rows.filter(({ isOther }) => !isOther).map(({ values }) => values[first] ?? 0));
  const partOf = ({ group, isOther }: MetricsRow): Part => ({ group, isOther, measure: first });
  const nameCount = dimensions.length;
  const nameColumns = (dimensions.length > 0 ? dimensions : ["all"]).map(
    (dimension, place): PlainColumn<MetricsRow> => ({
      id: dimension,
      header: dimension === "all" ? "" : dimensionLabel(dimension),
      // Several names side by side leave room for the numbers on a phone.
      className: nameCount > 1 ? "max-w-60 @max-md/chart:max-w-30" : "max-w-60 @max-md/chart:max-w-44",
      cell: (row) =>
        place === 0 ? (
          <button
            type="button"
            onClick={(event) => {
              event.stopPropagation();
              onOpen(partOf(row));
            }}
            title={nameOf(row, dimension)}
            className="block max-w-full truncate text-left font-medium hover:underline"
          >
            {nameOf(row, dimension)}
          </button>
        ) : (
          <span className="block truncate">{nameOf(row, dimension)}</span>
        ),
    }),
  );
  const measureColumns = measures.map(
    ({ name, label }, place): PlainColumn<MetricsRow> => ({
      id: name,
      header: (
        <span className={metrics.previousRows ? `${CHANGE_HEAD} ${place > 0 ? "@max-md/chart:pr-0" : ""}` : ""}>
          {label}
        </span>
      ),
      isNumber: true,
      isWide: place > 1,
      cell: (row) => (
        <span className={`inline-flex w-full items-center gap-2 ${place === 0 ? "justify-between" : "justify-end"}`}>
          {place === 0 && most > 0 && !row.isOther && (
            <Share part={(row.values[name] ?? 0) / most} isCompared={metrics.previousRows !== undefined} />
          )}
          <span className="ml-auto">
            {write(name, row)}
            {metrics.previousRows && (
              <ChangeOf measure={name} before={previousOf(row)} now={row} className={place > 0 ? NARROW : ""} />
            )}
          </span>
        </span>
      ),
    }),
  );
  return (
    <PlainTable
      label={title}
      columns={[...nameColumns, ...measureColumns]}
      rows={rows}
      idOf={({ group, isOther }) => JSON.stringify([group, isOther])}
      onOpen={(row) => onOpen(partOf(row))}
    />
  );
}

function nameOf({ group, isOther }: MetricsRow, dimension: string): string {
  if (isOther) return "other";
  if (dimension === "all") return "All spans";
  const value = group[dimension] ?? "";
  return dimension === "time" ? readTime(value) : valueLabel(dimension, value);
}

/** Left away where the numbers need the room. */
function Share({ part, isCompared }: { part: number; isCompared: boolean }) {
  return (
    <span
      aria-hidden
      className={`h-1.5 w-16 overflow-hidden rounded-full bg-raised ${isCompared ? "@max-3xl/chart:hidden" : "@max-md/chart:hidden"}`}
    >
      <span
        className="block h-full rounded-full bg-accent"
        style={{ width: `${part > 0 ? Math.max(3, part * 100) : 0}%` }}
      />
    </span>
  );
}

type ChangeProps = { measure: string; before: MetricsRow | undefined; now: MetricsRow; className: string };

function ChangeOf({ measure, before, now, className }: ChangeProps) {
  return (
    <ChangeText
      className={className}
      change={before ? changeOf(measure, before, now) : null}
      before={before && `${write(measure, before)} in the previous period`}
    />
  );
}
