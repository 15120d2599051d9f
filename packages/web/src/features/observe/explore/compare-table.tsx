import type { ReactNode } from "react";
import { NARROW, useMedia } from "../../../components/browser/media.ts";
import { changeBetween, formatPercent } from "../../../components/text/format.ts";
import { differenceOf, type Interval, type Verdict, verdictOf } from "./compare-cohorts.ts";
import { formatChange, formatMeasure, type Unit } from "./format-measure.ts";
import { COUNTS, type Comparison, TIMES } from "./use-comparison.ts";

type Totals = NonNullable<Comparison["totals"]["data"]>;

/** Every measure of both sets, with the difference. */
export function CompareTable({ totals: { columns, a, b } }: { totals: Totals }) {
  const isNarrow = useMedia(NARROW);
  const rows = [...COUNTS, ...TIMES].flatMap((name) => columns.find((column) => column.name === name) ?? []);
  return (
    <div className="card overflow-x-auto">
      <table aria-label="Comparison" className="w-full">
        <thead>
          <tr className="border-line border-b text-xs text-muted">
            <th scope="col" className="h-8 px-4 max-md:px-2 text-left font-normal">
              Measure
            </th>
            {["A", "B", "Difference", "Change"].map((head) => (
              <th
                key={head}
                scope="col"
                className={`h-8 px-4 max-md:px-2 text-right font-normal ${head === "Change" ? "max-md:hidden" : ""}`}
              >
                {head}
              </th>
            ))}
            <th scope="col" className="h-8 px-4 max-md:px-2 text-left font-normal max-md:hidden">
              Verdict
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, label, unit }) => (
            <tr key={name} className="border-line border-b last:border-0">
              <th scope="row" className="h-(--row-height) px-4 max-md:px-2 text-left font-normal md:whitespace-nowrap">
                {label}
                {isNarrow && name === "errorRate" && (
                  <span className="block text-xs text-muted">
                    <Failures a={sharesOf(a)} b={sharesOf(b)} />
                  </span>
                )}
              </th>
              <Cell>{formatMeasure(unit, a[name])}</Cell>
              <Cell>{formatMeasure(unit, b[name])}</Cell>
              <Cell>{formatDifference(unit, a[name], b[name])}</Cell>
              <td className="num px-4 text-right whitespace-nowrap text-muted max-md:hidden">
                {formatChange(changeBetween(a[name] ?? null, b[name] ?? null))}
              </td>
              <td className="px-4 max-md:px-2 text-xs text-muted max-md:hidden">
                {!isNarrow && name === "errorRate" && <Failures a={sharesOf(a)} b={sharesOf(b)} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const Cell = ({ children }: { children: ReactNode }) => (
  <td className="num h-(--row-height) px-4 max-md:px-2 text-right whitespace-nowrap">{children}</td>
);

/** `b - a` in its unit; shares differ by percentage points. */
function formatDifference(unit: Unit, a: number | null | undefined, b: number | null | undefined): string {
  if (a === null || a === undefined || b === null || b === undefined) return "–";
  const difference = b - a;
  const sign = difference > 0 ? "+" : difference < 0 ? "−" : "±";
  if (unit === "ratio") return `${sign}${points(Math.abs(difference))} points`;
  return `${sign}${formatMeasure(unit, Math.abs(difference))}`;
}

const points = (share: number) => (share * 100).toFixed(share < 0.1 ? 2 : 1).replace(/\.?0+$/, "");

type Values = Totals["a"];
const sharesOf = ({ errors, count }: Values) => ({ count: errors ?? 0, of: count ?? 0 });

const TONES = {
  better: "text-good",
  worse: "text-bad",
  "no difference found": "",
  "not enough data": "",
} as const satisfies Record<Verdict, string>;

function Failures({ a, b }: { a: ReturnType<typeof sharesOf>; b: ReturnType<typeof sharesOf> }) {
  const verdict = verdictOf(a, b);
  const interval = differenceOf(a, b);
  return (
    <span>
      <span className={`font-medium ${TONES[verdict]}`}>
        {verdict === "better" || verdict === "worse" ? `B is ${verdict}` : verdict}
      </span>
      {interval && <span className="num">, {formatInterval(interval)}</span>}
    </span>
  );
}

const signed = (share: number) => `${share < 0 ? "−" : "+"}${formatPercent(Math.abs(share)).replace("%", "")}`;
const formatInterval = ({ low, high }: Interval) =>
  `between ${signed(low)} and ${signed(high)} percentage points (95%)`;
