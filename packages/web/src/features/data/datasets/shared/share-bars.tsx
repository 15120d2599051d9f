import { formatCount, formatPercent } from "../../../../components/text/format.ts";

type BarsProps = {
  label: string;
  parts: readonly { readonly name: string; readonly rows: number }[];
  total: number;
  /** How many bars are shown before the rest is summed up. */
  most?: number;
  /** The tone of a bar: a warning instead of a neutral share. */
  tone?: "plain" | "warn";
};

/** The number and share of items for each name, as bars. */
export function ShareBars({ label, parts, total, most = 8, tone = "plain" }: BarsProps) {
  if (parts.length === 0) return null;
  const shown = parts.slice(0, most);
  const rest = parts.slice(most);
  const largest = Math.max(1, ...parts.map(({ rows }) => rows));
  return (
    <table aria-label={label} className="mt-2 w-full">
      <caption className="text-left text-xs text-muted">{label}</caption>
      <tbody>
        {shown.map(({ name, rows }) => (
          <tr key={name}>
            <th scope="row" className="max-w-60 min-w-24 truncate py-0.5 pr-3 text-left font-normal" title={name}>
              {name}
            </th>
            <td className="w-full">
              <span
                aria-hidden
                className={`block h-2 rounded-sm ${tone === "warn" ? "bg-warn" : "bg-accent"}`}
                style={{ width: `${(rows / largest) * 100}%`, minWidth: rows > 0 ? 2 : 0 }}
              />
            </td>
            <td className="num py-0.5 pl-3 text-right whitespace-nowrap">{formatCount(rows)}</td>
            <td className="num w-14 py-0.5 pl-2 text-right whitespace-nowrap text-muted">
              {total > 0 ? formatPercent(rows / total) : ""}
            </td>
          </tr>
        ))}
        {rest.length > 0 && (
          <tr className="text-muted">
            <th scope="row" className="py-0.5 pr-3 text-left font-normal whitespace-nowrap">
              {formatCount(rest.length)} more
            </th>
            <td />
            <td className="num py-0.5 pl-3 text-right">{formatCount(rest.reduce((sum, { rows }) => sum + rows, 0))}</td>
            <td />
          </tr>
        )}
      </tbody>
    </table>
  );
}
