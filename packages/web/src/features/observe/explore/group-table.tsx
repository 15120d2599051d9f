import { Link } from "@tanstack/react-router";
import { ArrowDown, ArrowUp } from "lucide-react";
import { changeBetween, formatExactTime } from "../../../components/text/format.ts";
import { formatChange, formatMeasure, type Unit } from "./format-measure.ts";
import { narrowTo, wordOf } from "./group-search.ts";
import { type Group, keyOf, type Metrics, sortGroups } from "./use-groups.ts";

type TableProps = {
  metrics: Metrics;
  measures: readonly string[];
  sortedBy: string;
  isAscending: boolean;
  filter: string;
  onSort: (measure: string) => void;
};

/** The groups and their numbers. A click on a head sorts, a group's name leads to its spans. */
export function GroupTable({ metrics, measures, sortedBy, isAscending, filter, onSort }: TableProps) {
  const columnOf = (name: string) => metrics.columns.find((column) => column.name === name);
  const dimensions = metrics.columns.filter(({ role }) => role === "dimension");
  const shown = measures.flatMap((name) => columnOf(name) ?? []);
  const rows = sortGroups(metrics.rows, sortedBy, isAscending);
  const before = metrics.previousRows && new Map(metrics.previousRows.map((row) => [keyOf(row), row]));
  const largest = Math.max(0, ...rows.filter(({ isOther }) => !isOther).map(({ values }) => values[sortedBy] ?? 0));
  const Arrow = isAscending ? ArrowUp : ArrowDown;
  return (
    <div className="card overflow-x-auto">
      <table aria-label="Groups" className="w-full">
        <thead>
          <tr className="border-line border-b text-xs text-muted">
            {dimensions.map(({ name, label }) => (
              <th key={name} scope="col" className="h-8 px-3 text-left font-normal">
                {label}
              </th>
            ))}
            {shown.map(({ name, label }) => (
              <th
                key={name}
                scope="col"
                aria-sort={name === sortedBy ? (isAscending ? "ascending" : "descending") : undefined}
                className="h-8 px-3 text-right font-normal whitespace-nowrap"
              >
                <button
                  type="button"
                  onClick={() => onSort(name)}
                  className={`inline-flex items-center gap-1 rounded hover:text-text ${name === sortedBy ? "font-medium text-text" : ""}`}
                >
                  {name === sortedBy && <Arrow aria-hidden size={12} />}
                  {label}
                </button>
                {before && <span aria-hidden className={CHANGE_ROOM} />}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} className="border-line border-b last:border-0 hover:bg-raised">
              {dimensions.map(({ name, unit }, place) => (
                <td key={name} className="h-(--row-height) max-w-72 truncate px-3 max-md:max-w-44">
                  <GroupName
                    row={row}
                    name={name}
                    unit={unit}
                    filter={filter}
                    isLink={place === 0}
                    stepSeconds={metrics.intervalSeconds}
                  />
                </td>
              ))}
              {shown.map(({ name, unit }, place) => (
                <td key={name} className="num relative h-(--row-height) px-3 text-right whitespace-nowrap">
                  {name === sortedBy && !row.isOther && largest > 0 && (
                    <span
                      aria-hidden
                      className={`absolute inset-y-1.5 rounded-[3px] bg-accent-soft ${before ? "right-18" : "right-1"}`}
                      style={{ width: `${((row.values[name] ?? 0) / largest) * (before ? 45 : 70)}%` }}
                    />
                  )}
                  <span className="relative">{formatMeasure(unit, row.values[name])}</span>
                  {before && <Change before={before.get(keyOf(row))} now={row} name={name} isFirst={place === 0} />}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The room of a change, which a column's header leaves empty so that its name ends where the numbers end. */
const CHANGE_ROOM = "ml-2 inline-block w-14";

type NameProps = { row: Group; name: string; unit: Unit; filter: string; isLink: boolean; stepSeconds: number | null };

function GroupName({ row, name, unit, filter, isLink, stepSeconds }: NameProps) {
  if (row.isOther) return <span className="text-muted">{isLink ? "all others" : ""}</span>;
  const value = row.group[name];
  const words = unit === "time" && value ? formatExactTime(value) : wordOf(value);
  const look = value ? "" : "text-muted";
  if (!isLink) return <bdi className={look}>{words}</bdi>;
  return (
    <Link
      to="/traces"
      search={{ view: "spans", ...narrowTo(row.group, filter, stepSeconds) }}
      title={`Show the spans of ${words}`}
      className={`font-medium hover:text-accent ${look}`}
    >
      <bdi>{words}</bdi>
    </Link>
  );
}

type ChangeProps = { before: Group | undefined; now: Group; name: string; isFirst: boolean };

/** The change from the previous period; grey, because more is not always better. */
function Change({ before, now, name, isFirst }: ChangeProps) {
  const [was, is] = [before?.values[name] ?? null, now.values[name] ?? null];
  // A group without earlier data is marked as new once.
  const words =
    before === undefined
      ? isFirst
        ? "new"
        : ""
      : was === null && is !== null
        ? "new"
        : formatChange(changeBetween(was, is));
  return <span className={`relative text-xs text-muted ${CHANGE_ROOM}`}>{words}</span>;
}
