import { useNavigate } from "@tanstack/react-router";
import { type Series, TimeChart } from "../../../components/chart/time-chart.tsx";
import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { formatCount } from "../../../components/text/format.ts";
import { formatBudget, formatBurn } from "./slo-words.ts";
import { type Slo, type SloDay, useSloDays } from "./use-slos.ts";

const HEIGHT = 180;
const DAY_SECONDS = 86_400;

/** The burn rate of each day and the budget that was left. A click opens the requests of a day. */
export function SloCharts({ slo }: { slo: Slo }) {
  const days = useSloDays(slo.sloId);
  const items = days.data?.items;
  if (days.error && !items)
    return <ErrorState error={days.error} retry={() => days.refetch()} title="The history could not be loaded" />;
  if (!items) return <Skeleton className="h-52 rounded-card" />;
  return <Charts slo={slo} days={items} />;
}

function Charts({ slo, days }: { slo: Slo; days: readonly SloDay[] }) {
  const navigate = useNavigate();
  const open = (from: Date, to: Date) => {
    const times = { from: from.toISOString(), to: to.toISOString() };
    void navigate({ to: "/traces", search: { view: "spans", filter: filterOf(slo), ...times } });
  };
  const shared = {
    times: days.map(({ day }) => Date.parse(`${day}T00:00:00Z`) / 1_000),
    bucketSeconds: DAY_SECONDS,
    height: HEIGHT,
    onOpen: open,
    onZoom: open,
    footnote: (row: number) => noteOf(days[row]),
  };
  return (
    <div className="grid grid-cols-2 gap-4 max-lg:grid-cols-1">
      <TimeChart {...shared} title="Burn rate per day" format={formatBurn} series={burnSeries(days)} />
      <TimeChart {...shared} title="Error budget left" format={formatBudget} series={budgetSeries(days)} />
    </div>
  );
}

const burnSeries = (days: readonly SloDay[]): Series[] => [
  { label: "Burn rate", color: "--series-1", kind: "bars", values: days.map(({ burnRate }) => burnRate) },
  { label: "Allowed", color: "--muted", kind: "line", values: days.map(() => 1) },
];
const budgetSeries = (days: readonly SloDay[]): Series[] => [
  { label: "Budget left", color: "--series-2", kind: "line", values: days.map(({ budgetLeft }) => budgetLeft) },
];

/** The requests of an SLO, without the condition that makes them bad. */
function filterOf({ endpoint, filter, counts }: Slo): string {
  const parts = [counts === "calls" ? "kind:generation,embedding" : "is:root"];
  if (endpoint) parts.push(`endpoint:"${endpoint.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`);
  if (filter) parts.push(`(${filter})`);
  return parts.join(" ");
}

function noteOf(day: SloDay | undefined): string | undefined {
  if (day === undefined || day.n === 0) return undefined;
  return `${formatCount(day.bad)} bad of ${formatCount(day.n)}; burn rate ${formatBurn(day.lower)} to ${formatBurn(day.upper)} (95%)`;
}
