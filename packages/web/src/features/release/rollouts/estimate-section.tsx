import { explain } from "../../../api.ts";
import { Skeleton } from "../../../components/feedback/states.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { formatCount, formatPercent } from "../../../components/text/format.ts";
import type { Estimate } from "./use-rollouts.ts";

type Props = {
  estimate: { readonly data: Estimate | undefined; readonly error: unknown };
  /** Whether the form describes a whole rollout. */
  isComplete: boolean;
};

/** What the rollout of the form can find out with the traffic of the last days. */
export function EstimateSection({ estimate: { data, error }, isComplete }: Props) {
  return (
    <Section title="What this rollout can see">
      <div aria-live="polite" className="flex flex-col gap-3 px-4 pb-4">
        {!isComplete && <p className="text-muted">Complete the form to see how many requests a decision takes.</p>}
        {isComplete && error !== null && <p className="text-bad text-pretty">{explain(error)}</p>}
        {isComplete && error === null && !data && <Skeleton className="h-24" />}
        {isComplete && error === null && data && <Numbers estimate={data} />}
      </div>
    </Section>
  );
}

function Numbers({ estimate: { unitsPerDay, requestsPerDay, stages } }: { estimate: Estimate }) {
  if (requestsPerDay === 0)
    return (
      <p className="text-muted text-pretty">
        The endpoint had no requests with this unit in the last 7 days, so nothing can be estimated.
      </p>
    );
  return (
    <>
      <p className="text-muted text-pretty">
        About {formatCount(requestsPerDay)} requests of {formatCount(unitsPerDay)} units per day in the last week.
      </p>
      {stages.map((stage) => (
        <StageEstimate key={stage.share} stage={stage} />
      ))}
    </>
  );
}

function StageEstimate({ stage: { share, daysToMinimum, metrics } }: { stage: Estimate["stages"][number] }) {
  return (
    <div className="flex flex-col gap-1 border-line border-t pt-2">
      <h3 className="font-medium">
        At {formatPercent(share)}
        {daysToMinimum !== null && (
          <span className="font-normal text-muted">, at least {daysWords(daysToMinimum)}</span>
        )}
      </h3>
      <dl className="flex flex-col gap-1.5 text-sm">
        {metrics.map((metric) => (
          <div key={metric.key}>
            <dt className="[overflow-wrap:anywhere]">{metric.key}</dt>
            <dd className="num text-muted text-pretty">{wordsOf(metric)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

type MetricEstimate = Estimate["stages"][number]["metrics"][number];

function wordsOf({ controlValue, requestsToFindDouble, requestsToShowSafe, daysToShowSafe }: MetricEstimate): string {
  if (controlValue === null) return "The control has no values yet.";
  const found =
    requestsToFindDouble === null
      ? []
      : [`Twice the rate is found within about ${short(requestsToFindDouble)} requests.`];
  const days = daysToShowSafe === null ? "" : ` (${daysWords(daysToShowSafe)})`;
  const safe =
    requestsToShowSafe === null
      ? "No number of requests shows that it is safe."
      : `An equal candidate is shown to be safe after about ${short(requestsToShowSafe)}${days}.`;
  return [...found, safe].join(" ");
}

/** Two digits are enough for an estimate. */
function short(requests: number): string {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, requests))) - 1);
  return formatCount(Math.ceil(requests / step) * step);
}

function daysWords(days: number): string {
  if (days < 1 / 24) return "less than an hour";
  if (days < 2) return `${Math.ceil(days * 24)} hours`;
  return `${formatCount(Math.ceil(days))} days`;
}
