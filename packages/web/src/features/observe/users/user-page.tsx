import { getRouteApi } from "@tanstack/react-router";
import { UserRound } from "lucide-react";
import { CopyButton } from "../../../components/feedback/copy-button.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { Button } from "../../../components/form/button.tsx";
import { BackLink, PageHeader } from "../../../components/layout/page.tsx";
import { formatCompact, formatCount, formatDuration, formatMoney } from "../../../components/text/format.ts";
import { timeOf } from "../../../components/time/time-range.ts";
import { TimeRangePicker } from "../../../components/time/time-range-picker.tsx";
import { useUserActivity, type Values } from "./use-users.ts";
import { UserChart } from "./user-chart.tsx";
import { ModelsOfUser, SessionsOfUser, TracesOfUser } from "./user-tables.tsx";

const route = getRouteApi("/shell/users/$userId");

/** What was done for one user: how much, at what cost, with which models, in which conversations. */
export function UserPage() {
  const { userId } = route.useParams();
  const { range, from, to } = route.useSearch();
  const navigate = route.useNavigate();
  const time = { range, from, to };
  const activity = useUserActivity(userId, time);
  const { totals } = activity;
  return (
    <>
      <PageHeader
        title={userId}
        back={<BackLink to="/users" label="Users" />}
        beside={<CopyButton text={userId} label="Copy user id" />}
        action={
          <TimeRangePicker value={time} onChange={(next) => navigate({ search: (old) => ({ ...old, ...next }) })} />
        }
      >
        {totals.data?.traces === 0 ? null : totals.data ? (
          <Facts values={totals.data} />
        ) : (
          totals.isPending && <Skeleton className="h-9 w-120 max-w-full" />
        )}
      </PageHeader>
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        {totals.error && !totals.data ? (
          <ErrorState
            error={totals.error}
            retry={() => totals.refetch()}
            title="The activity of this user could not be loaded"
          />
        ) : totals.data && !totals.data.traces ? (
          <EmptyState
            title="No activity for this user in this time range"
            icon={<UserRound size={22} />}
            action={
              time.range !== "90d" && (
                <Button onClick={() => navigate({ search: { range: "90d" } })}>Show the last 90 days</Button>
              )
            }
          />
        ) : (
          <>
            <UserChart
              overTime={activity.overTime}
              userId={userId}
              onZoom={(start, end) => navigate({ search: (old) => ({ ...old, ...timeOf(start, end) }) })}
            />
            <SessionsOfUser userId={userId} list={activity.sessions} />
            <TracesOfUser userId={userId} list={activity.traces} />
            <ModelsOfUser userId={userId} models={activity.models} />
          </>
        )}
      </div>
    </>
  );
}

function Facts({ values }: { values: Values }) {
  const facts = [
    ["Model calls", formatCount(values.requests ?? 0)],
    ["Traces", formatCount(values.traces ?? 0)],
    ["Sessions", formatCount(values.sessions ?? 0)],
    ["Failed spans", formatCount(values.errors ?? 0)],
    ["Tokens", formatCompact(values.totalTokens ?? 0)],
    ["Cost", formatMoney(values.costUsd ?? null)],
    ["Call latency p50", formatDuration(values.latencyP50Ms ?? null)],
    ["Call latency p95", formatDuration(values.latencyP95Ms ?? null)],
  ] as const;
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-2">
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt className="text-xs text-muted">{label}</dt>
          <dd className="num font-medium">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
