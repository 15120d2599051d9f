import { getRouteApi } from "@tanstack/react-router";
import { Wallet } from "lucide-react";
import { TimeChart } from "../../../components/chart/time-chart.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { Select } from "../../../components/form/field.tsx";
import { PageHeader, Section } from "../../../components/layout/page.tsx";
import { formatCount, formatMoney, formatMoneyTick } from "../../../components/text/format.ts";
import { timeOf } from "../../../components/time/time-range.ts";
import { TimeRangePicker } from "../../../components/time/time-range-picker.tsx";
import { SpendTable } from "./spend-table.tsx";
import { GROUP_WORDS, type Spend, type SpendGroup, useSpend } from "./use-spend.ts";

const route = getRouteApi("/shell/spend");
const GROUPS = Object.keys(GROUP_WORDS).filter((by): by is SpendGroup => by in GROUP_WORDS);

/** What the calls through the gateway cost, over time and by key, user or model. */
export function SpendPage() {
  const { by: chosen, ...range } = route.useSearch();
  const navigate = route.useNavigate();
  const by = GROUPS.find((group) => group === chosen) ?? "key";
  const { data, error, refetch } = useSpend(range, by);
  return (
    <>
      <PageHeader
        title="Spend"
        description="What calls through the gateway cost, from the ledger."
        action={<TimeRangePicker value={range} onChange={(next) => void navigate({ search: { ...next, by } })} />}
      />
      <div className="flex flex-col gap-4 px-6 pt-3 pb-8 max-md:px-4">
        {error && <ErrorState error={error} retry={refetch} title="The spend could not be loaded" />}
        {!error && !data && <Skeleton className="h-60 w-full" />}
        {data && (data.total.requests > 0 ? <Report spend={data} by={by} /> : NOTHING)}
      </div>
    </>
  );
}

const NOTHING = (
  <EmptyState title="No spend in this time range" icon={<Wallet size={22} />}>
    Calls through the gateway appear here a few seconds after they end.
  </EmptyState>
);

function Report({ spend, by }: { spend: Spend; by: SpendGroup }) {
  const navigate = route.useNavigate();
  const zoom = (from: Date, to: Date) => void navigate({ search: (old) => ({ ...old, ...timeOf(from, to) }) });
  return (
    <>
      <CostChart spend={spend} zoom={zoom} />
      <Section
        title={`By ${GROUP_WORDS[by].replace(/^[A-Z](?![A-Z])/, (letter) => letter.toLowerCase())}`}
        className="overflow-hidden"
        action={<GroupChoice by={by} onChange={(next) => void navigate({ search: (old) => ({ ...old, by: next }) })} />}
      >
        <SpendTable spend={spend} />
      </Section>
    </>
  );
}

const GroupChoice = ({ by, onChange }: { by: SpendGroup; onChange: (next: string) => void }) => (
  <Select aria-label="Group by" value={by} onChange={({ target }) => onChange(target.value)}>
    {GROUPS.map((group) => (
      <option key={group} value={group}>
        {GROUP_WORDS[group]}
      </option>
    ))}
  </Select>
);

type ChartProps = { spend: Spend; zoom: (from: Date, to: Date) => void };

function CostChart({ spend: { points, stepSeconds, from, to, total }, zoom }: ChartProps) {
  const byTime = new Map(points.map((point) => [Date.parse(point.time) / 1_000, point]));
  const first = Math.floor(Date.parse(from) / 1_000 / stepSeconds) * stepSeconds;
  const steps = Math.ceil((Date.parse(to) / 1_000 - first) / stepSeconds);
  const times = Array.from({ length: steps }, (_, step) => first + step * stepSeconds);
  const values = times.map((time) => byTime.get(time)?.costUsd ?? 0);
  const missing = total.unpriced > 0 ? `${formatCount(total.unpriced)} calls without a known price` : undefined;
  return (
    <TimeChart
      title="Cost"
      note={missing}
      times={times}
      bucketSeconds={stepSeconds}
      height={190}
      format={formatMoneyTick}
      series={[{ label: "Cost", color: "--series-1", kind: "bars", values, summary: formatMoney(total.costUsd) }]}
      onZoom={zoom}
      onOpen={zoom}
    />
  );
}
