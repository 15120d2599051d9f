import { CHANGE_HEAD, ChangeText } from "../../components/change-text.tsx";
import { readTime } from "../../components/chart-data.ts";
import { type PlainColumn, PlainTable } from "../../components/plain-table.tsx";
import type { Metrics, MetricsRow } from "./chart-lines.ts";
import { dimensionLabel, valueLabel } from "./measures.ts";
import { changeOf, type Part, write } from "./row-values.ts";

type TableProps = {
  title: string;
  metrics: Metrics;
  previousOf: (row: MetricsRow) => MetricsRow | undefined;
  onOpen: (part: Part) => void;
};

/** Groups with their measures, the first with a bar; beside each measure what became of it. */
export function GroupTable({ title, metrics, previousOf, onOpen }: TableProps) {
  const { columns, rows } = metrics;
  const dimensions = columns.filter(({ role }) => role === "dimension").map(({ name }) => name);
  const measures = columns.filter(({ role }) => role === "measure");
  const [first = ""] = measures.map(({ name }) => name);
  const most = Math.max(0, ...rows.filter(({ isOther }) => !isOther).map(({ values }) => values[first] ?? 0));
  const partOf = ({ group, isOther }: MetricsRow): Part => ({ group, isOther, measure: first });
  const nameColumns = (dimensions.length > 0 ? dimensions : ["all"]).map(
    (dimension, place): PlainColumn<MetricsRow> => ({
      id: dimension,
      header: dimension === "all" ? "" : dimensionLabel(dimension),
      className: "max-w-60",
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
      header: <span className={metrics.previousRows ? CHANGE_HEAD : ""}>{label}</span>,
      isNumber: true,
      isWide: place > 1,
      cell: (row) => (
        <span className="inline-flex w-full items-center justify-end gap-2">
          {place === 0 && most > 0 && !row.isOther && (
            <Share part={(row.values[name] ?? 0) / most} isCompared={metrics.previousRows !== undefined} />
          )}
          <span>
            {write(name, row)}
            {metrics.previousRows && <ChangeOf measure={name} before={previousOf(row)} now={row} />}
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
      <span className="block h-full rounded-full bg-accent" style={{ width: `${Math.max(2, part * 100)}%` }} />
    </span>
  );
}

function ChangeOf({ measure, before, now }: { measure: string; before: MetricsRow | undefined; now: MetricsRow }) {
  return (
    <ChangeText
      change={before ? changeOf(measure, before, now) : null}
      before={before && `${write(measure, before)} in the time before`}
    />
  );
}
