import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { formatCount, formatNumberOf } from "../../../components/text/format.ts";
import type { useDryRun } from "./use-preferences.ts";

/** The number of resulting rows, why others are skipped, and the first rows. */
export function DryRun({ dry }: { dry: ReturnType<typeof useDryRun> }) {
  if (dry.error && !dry.isPlaceholderData)
    return <ErrorState error={dry.error} retry={() => dry.refetch()} title="The dry run failed" />;
  if (!dry.data) return <Skeleton className="h-24" />;
  const { found, rows, masked, dropped, samples, weights } = dry.data;
  return (
    <section
      aria-label="Dry run"
      aria-busy={dry.isPlaceholderData}
      className="flex flex-col gap-2 rounded-control border border-line bg-raised p-3"
    >
      <p className="num font-medium">
        {formatNumberOf(rows, "row")} from {formatCount(found)} found
        {masked > 0 && <span className="font-normal text-muted"> · personal data masked in {formatCount(masked)}</span>}
      </p>
      {dropped.length > 0 && (
        <table className="w-full text-sm text-muted">
          <caption className="sr-only">Reasons for skipped rows</caption>
          <tbody>
            {dropped.map(({ reason, count }) => (
              <tr key={reason}>
                <td className="num w-px pr-3 text-right whitespace-nowrap">{formatCount(count)}</td>
                <td>{reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {weights && (
        <p className="num text-sm text-muted">
          {formatCount(weights.wanted)} desirable and {formatCount(weights.unwanted)} undesirable: train with desirable
          weight {weights.desirableWeight.toFixed(2)} and undesirable weight {weights.undesirableWeight.toFixed(2)}.
        </p>
      )}
      {samples.length > 0 && (
        <details className="text-sm">
          <summary className="cursor-pointer text-muted">The first {formatNumberOf(samples.length, "row")}</summary>
          <ul className="mt-2 flex max-h-60 flex-col gap-2 overflow-y-auto">
            {samples.map(({ itemId, inputs, expected }) => (
              <li key={itemId}>
                <pre className="overflow-x-auto rounded-control border border-line bg-panel p-2 text-xs whitespace-pre-wrap [overflow-wrap:anywhere]">
                  {JSON.stringify({ inputs, expected }, null, 2)}
                </pre>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
