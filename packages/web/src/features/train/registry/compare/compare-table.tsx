import type { ReactNode } from "react";
import { Section } from "../../../../components/layout/page.tsx";
import type { Compared } from "./compare-words.ts";

type TableProps = {
  title: string;
  rows: readonly Compared[];
  heads: readonly ReactNode[];
  /** Whether equal rows are hidden. */
  isOnly: boolean;
  /** Shown when neither side has data. */
  none: string;
  note?: string;
};

/** A two-column comparison. Differences are marked visually and for screen readers; equal values are grey. */
export function CompareTable({ title, rows, heads, isOnly, none, note }: TableProps) {
  const different = rows.filter(({ isSame }) => !isSame);
  const visibleRows = isOnly ? different : rows;
  return (
    <Section
      title={title}
      description={rows.length === 0 ? none : different.length === 0 ? "All values are equal." : (note ?? undefined)}
    >
      {visibleRows.length > 0 && (
        <table aria-label={title} className="w-full table-fixed border-line border-t">
          <thead>
            <tr className="border-line border-b text-left text-xs text-muted">
              <th scope="col" className="h-8 w-1/4 px-4 font-normal max-md:w-1/3">
                <span className="sr-only">Property</span>
              </th>
              {heads.map((head, side) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the two sides.
                <th key={side} scope="col" className="h-8 px-2 font-normal [overflow-wrap:anywhere]">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {visibleRows.map((row) => (
              <Row key={row.name} row={row} />
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}

function Row({ row: { name, left, right, isSame, change } }: { row: Compared }) {
  const look = isSame ? "text-muted" : "text-text";
  return (
    <tr className={`border-line border-b align-top last:border-0 ${isSame ? "" : "bg-accent-soft/60"}`}>
      <th
        scope="row"
        className={`px-4 py-1.5 text-left font-normal [overflow-wrap:anywhere] ${isSame ? "text-muted" : "font-medium"}`}
      >
        {name}
        {!isSame && <span className="sr-only"> differs</span>}
      </th>
      <td className={`num px-2 py-1.5 whitespace-pre-line [overflow-wrap:anywhere] ${look}`}>{left}</td>
      <td className={`num px-2 py-1.5 pr-4 whitespace-pre-line [overflow-wrap:anywhere] ${look}`}>
        {right}
        {change && <span className="ml-2 inline-block text-muted">{change}</span>}
      </td>
    </tr>
  );
}
