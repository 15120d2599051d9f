import { useNavigate } from "@tanstack/react-router";
import { TimeChart } from "../../../../components/chart/time-chart.tsx";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { formatNumberOf, formatPercent } from "../../../../components/text/format.ts";
import { type Agreement, type AgreementDay, useAgreementDays } from "./use-agreements.ts";

const DAY_SECONDS = 86_400;
const HEIGHT = 170;

/** The rate of disagreements over the last 30 days, day by day, with its interval. A click opens the scored spans of a day. */
export function AgreementChart({ agreement }: { agreement: Agreement }) {
  const days = useAgreementDays(agreement);
  const items = days.data;
  if (days.error && !items)
    return <ErrorState error={days.error} retry={() => days.refetch()} title="The history could not be loaded" />;
  if (!items) return <Skeleton className="h-44 rounded-card" />;
  if (items.length === 0) return <p className="text-sm text-muted">The first evaluation is running.</p>;
  return <Chart agreement={agreement} days={items} />;
}

function Chart({ agreement, days }: { agreement: Agreement; days: readonly AgreementDay[] }) {
  const navigate = useNavigate();
  const open = (from: Date, to: Date) => {
    const times = { from: from.toISOString(), to: to.toISOString() };
    void navigate({ to: "/traces", search: { view: "spans", filter: "has:score", ...times } });
  };
  return (
    <TimeChart
      title="Disagreement, last 30 days"
      times={days.map(({ day }) => Date.parse(`${day}T00:00:00Z`) / 1_000)}
      bucketSeconds={DAY_SECONDS}
      height={HEIGHT}
      format={formatPercent}
      onOpen={open}
      onZoom={open}
      footnote={(row) => noteOf(days[row])}
      series={[
        {
          label: "Disagreement (95% interval)",
          color: "--series-1",
          kind: "line",
          values: days.map(({ recent }) => recent.rate.value),
        },
      ]}
      marks={marksOf(agreement, days)}
    />
  );
}

/** The interval of each day, and the rate that evidence is collected against. */
function marksOf({ reference }: Agreement, days: readonly AgreementDay[]) {
  const intervals = days.map(({ recent }) => recent.rate.interval);
  const upper = reference?.rate.interval?.high;
  return {
    band: { lower: intervals.map((one) => one?.low ?? null), upper: intervals.map((one) => one?.high ?? null) },
    limits: upper === undefined ? [] : [{ label: "Reference, upper bound", value: upper, color: "--warn" }],
  };
}

function noteOf(day: AgreementDay | undefined): string | undefined {
  if (!day) return undefined;
  return `${formatNumberOf(day.pairs, "new pair")}, ${formatNumberOf(day.disagreements, "disagreement")}`;
}
