import { Section } from "../../../components/layout/page.tsx";
import { formatCount, formatMoney } from "../../../components/text/format.ts";
import type { Shadow } from "./use-shadows.ts";

type Rows = readonly (readonly [count: number, words: string])[];

/** What became of the requests that the share has chosen. */
export function CountsSection({ shadow }: { shadow: Shadow }) {
  const { counts, today, budgetUsdPerDay, requestsPerDay, costUsd } = shadow;
  const used = `Today ${formatCount(today.requests)} of ${formatCount(requestsPerDay)} requests and ${formatMoney(today.costUsd)} of ${formatMoney(budgetUsdPerDay)}. In total ${formatMoney(costUsd)}.`;
  return (
    <Section title="Mirrored requests" description={used}>
      <div className="grid grid-cols-2 gap-x-8 gap-y-4 px-4 pb-4 max-md:grid-cols-1">
        <CountList label="Mirrored" rows={mirroredRows(counts)} />
        <CountList label="Not mirrored" rows={otherRows(counts)} />
      </div>
    </Section>
  );
}

const CountList = ({ label, rows }: { label: string; rows: Rows }) => (
  <dl aria-label={label} className="grid grid-cols-[max-content_1fr] content-start gap-x-4 gap-y-1">
    {rows.map(([count, words]) => (
      <div key={words} className="contents">
        <dt className={`num text-right ${count === 0 ? "text-muted" : ""}`}>{formatCount(count)}</dt>
        <dd className="min-w-0 text-muted">{words}</dd>
      </div>
    ))}
  </dl>
);

const mirroredRows = ({ sampled, answered, failed, waiting, lost }: Shadow["counts"]): Rows => [
  [sampled, "requests in the sample"],
  [answered, "answered by the candidate"],
  [failed, "failed at the candidate"],
  [waiting, "waiting or running"],
  [lost, "lost in a restart or a pause"],
];

const otherRows = ({ dropped, skipped }: Shadow["counts"]): Rows => [
  [dropped.queueFull, "dropped, the queue was full"],
  [dropped.tooLarge, "dropped, too large"],
  [dropped.requestCap, "dropped, the requests of the day were used"],
  [dropped.budget, "dropped, a budget was used"],
  [dropped.unsafe, "dropped, unsafe to repeat"],
  [dropped.untranslatable, "dropped, only the primary's provider understands them"],
  [skipped.cache, "skipped, answered by a cache"],
  [skipped.failed, "skipped, failed at the primary"],
  [skipped.fallback, "skipped, answered by a fallback"],
  [skipped.candidate, "skipped, answered by the candidate itself"],
];
