import { Section } from "../../../../components/layout/page.tsx";
import { ScrollBox } from "../../../../components/layout/scroll-box.tsx";
import { formatCount } from "../../../../components/text/format.ts";

type TableProps = { labels: readonly string[]; counts: readonly (readonly number[])[] };

/** Human ratings in rows, scorer ratings in columns; darker cells have a larger share of their row. */
export function ConfusionTable({ labels, counts }: TableProps) {
  return (
    <Section title="Confusion matrix" description="Rows are human ratings, columns are scorer ratings.">
      <ScrollBox label="Human and scorer ratings" className="px-4 pb-4">
        <table className="num">
          <thead>
            <tr className="text-xs text-muted">
              <th scope="col" className="pr-3 text-left font-normal">
                People
              </th>
              {labels.map((label) => (
                <th key={label} scope="col" className="max-w-40 truncate px-3 pb-1 text-right font-normal">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {labels.map((label, row) => {
              const total = (counts[row] ?? []).reduce((sum, count) => sum + count, 0);
              return (
                <tr key={label}>
                  <th scope="row" className="max-w-48 truncate pr-3 text-left font-normal">
                    {label}
                  </th>
                  {labels.map((other, column) => {
                    const count = counts[row]?.[column] ?? 0;
                    const share = total > 0 ? count / total : 0;
                    const color = row === column ? "var(--accent)" : "var(--bad)";
                    return (
                      <td
                        key={other}
                        className="h-8 min-w-16 border border-line px-3 text-right"
                        style={{ background: `color-mix(in srgb, ${color} ${Math.round(share * 28)}%, transparent)` }}
                      >
                        {formatCount(count)}
                      </td>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
      </ScrollBox>
    </Section>
  );
}
