import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { TimeChart } from "../../../components/chart/time-chart.tsx";
import { Skeleton } from "../../../components/feedback/states.tsx";
import { formatCompact, formatCount, formatMoney, formatMoneyTick } from "../../../components/text/format.ts";
import { timeOf } from "../../../components/time/time-range.ts";
import { filterOf, type UserActivity } from "./use-users.ts";

type ChartProps = { overTime: UserActivity["overTime"]; userId: string; onZoom: (from: Date, to: Date) => void };
type Metrics = NonNullable<ChartProps["overTime"]["data"]>;

/** One user's calls and their cost over time, side by side. */
export function UserChart({ overTime, userId, onZoom }: ChartProps) {
  const navigate = useNavigate();
  const charts = useMemo(() => (overTime.data ? chartsOf(overTime.data) : undefined), [overTime.data]);
  const open = (from: Date, to: Date) =>
    void navigate({ to: "/traces", search: { ...filterOf(userId), ...timeOf(from, to) } });
  if (!charts) return <Skeleton className="h-50 w-full" />;
  if (charts[0].times.length === 0) return <p className="text-muted">No activity for this user in this time range.</p>;
  return (
    <div className="grid grid-cols-2 gap-4 max-lg:grid-cols-1">
      {charts.map((chart) => (
        <TimeChart key={chart.title} {...chart} height={150} onZoom={onZoom} onOpen={open} />
      ))}
    </div>
  );
}

function chartsOf({ rows, intervalSeconds }: Metrics) {
  const values = (name: string) => rows.map((row) => row.values[name] ?? 0);
  const shared = {
    times: rows.map(({ group }) => Date.parse(group.time ?? "") / 1000),
    bucketSeconds: intervalSeconds ?? 60,
  };
  const bars = (label: string, color: string, name: string) =>
    ({ label, color, kind: "bars", values: values(name) }) as const;
  return [
    {
      ...shared,
      title: "Model calls",
      format: formatCount,
      formatTick: formatCompact,
      isCount: true,
      series: [bars("Calls", "--series-1", "requests"), bars("Failed spans", "--series-5", "errors")],
    },
    {
      ...shared,
      title: "Cost",
      format: formatMoney,
      formatTick: formatMoneyTick,
      series: [bars("US dollars", "--series-2", "costUsd")],
    },
  ] as const;
}
