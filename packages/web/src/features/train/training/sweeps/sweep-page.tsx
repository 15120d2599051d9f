import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { ApiError } from "../../../../api.ts";
import { StepChart } from "../../../../components/chart/step-chart.tsx";
import { RunEnd } from "../../../../components/feedback/run-end.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { BackLink, PageHeader, Section } from "../../../../components/layout/page.tsx";
import { ConfirmDialog } from "../../../../components/overlay/confirm-dialog.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatDuration, formatNumberOf } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import { formatPoint } from "../shared/words.ts";
import { SweepFront } from "./sweep-front.tsx";
import { SweepStatus } from "./sweep-status.tsx";
import { isSearching, type Sweep, type Trial, useSweep, useSweepChanges } from "./use-sweeps.ts";

const route = getRouteApi("/shell/training/sweeps/$sweepId");

/** One sweep: its best settings, the importance of each setting, and every trial. Updates while the sweep runs. */
export function SweepPage() {
  const { sweepId } = route.useParams();
  const sweep = useSweep(sweepId);
  const back = <BackLink to="/training/sweeps" label="Sweeps" />;
  if (sweep.error && !sweep.data)
    return (
      <>
        <PageHeader title="Sweep" back={back} />
        {sweep.error instanceof ApiError && sweep.error.status === 404 ? (
          <EmptyState title="Sweep not found">It may have been deleted, or it belongs to another project.</EmptyState>
        ) : (
          <ErrorState error={sweep.error} retry={() => sweep.refetch()} />
        )}
      </>
    );
  const { data } = sweep;
  return (
    <>
      <PageHeader
        title={data?.name ?? "Sweep"}
        back={back}
        beside={
          data && (
            <span className="ml-2">
              <SweepStatus sweep={data} />
            </span>
          )
        }
        description={data ? wordsOf(data) : <Skeleton className="h-4 w-60" />}
        action={data && <Actions sweep={data} />}
      />
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        {data ? <Parts sweep={data} /> : <Skeleton className="h-52 rounded-card" />}
      </div>
    </>
  );
}

const METHODS = { tpe: "Bayesian search (TPE)", random: "random search", grid: "grid search" } as const;
const wordsOf = ({ search, method, trialsMade }: Sweep) =>
  `${Object.keys(search).join(", ")}: ${METHODS[method]}. ${formatNumberOf(trialsMade, "run")} so far.`;

function Actions({ sweep }: { sweep: Sweep }) {
  const { can } = useProject();
  const navigate = useNavigate();
  const { cancel, resume, remove } = useSweepChanges();
  const [isAsking, setIsAsking] = useState(false);
  const { sweepId, name, status } = sweep;
  if (!can("training:write")) return null;
  if (isSearching(sweep))
    return (
      <Button isBusy={cancel.isPending} onClick={() => cancel.mutate(sweepId)}>
        Stop
      </Button>
    );
  return (
    <>
      {status !== "done" && (
        <Button isBusy={resume.isPending} onClick={() => resume.mutate(sweepId)}>
          Resume
        </Button>
      )}
      <Button onClick={() => setIsAsking(true)}>Delete…</Button>
      {isAsking && (
        <ConfirmDialog
          title={`Delete ${name}?`}
          verb="Delete"
          isBusy={remove.isPending}
          onConfirm={() => remove.mutate(sweepId, { onSuccess: () => void navigate({ to: "/training/sweeps" }) })}
          close={() => setIsAsking(false)}
        >
          The trial runs and their curves are not deleted.
        </ConfirmDialog>
      )}
    </>
  );
}

function Parts({ sweep }: { sweep: Sweep }) {
  const { message, status, result, trialList, metric } = sweep;
  const lines = trialList
    .filter(({ reports, role }) => reports.length > 0 && role === "search")
    .map(({ number, reports }) => ({
      label: `trial ${number + 1}`,
      color: number === result.best ? "--series-1" : "--muted",
      points: reports,
    }));
  return (
    <>
      {message && (
        <RunEnd tone={status === "failed" ? "bad" : status === "cancelled" ? "warn" : "good"} words={message} />
      )}
      <div className="grid grid-cols-2 gap-4 max-lg:grid-cols-1">
        <Best sweep={sweep} />
        <Importance result={result} />
      </div>
      {lines.length > 0 && (
        <div className="grid grid-cols-2 gap-4 max-lg:grid-cols-1">
          <StepChart title={`${metric} per trial`} lines={lines} format={formatPoint} height={240} hasLabels={false} />
          <SweepFront sweep={sweep} height={248} />
        </div>
      )}
      <Section title="Trials">
        {trialList.length === 0 ? (
          <p className="px-4 pb-4 text-muted">No trial has started yet.</p>
        ) : (
          <PlainTable label="Trials" columns={columnsOf(sweep)} rows={trialList} idOf={({ number }) => `${number}`} />
        )}
      </Section>
    </>
  );
}

function Best({ sweep: { result, trialList, metric } }: { sweep: Sweep }) {
  const best = trialList.find(({ number }) => number === result.best);
  return (
    <Section title="Best settings">
      <div className="flex flex-col gap-3 px-4 pb-4">
        {best ? (
          <dl className="grid grid-cols-[max-content_1fr] gap-x-6 gap-y-1">
            {Object.entries(best.params).map(([path, value]) => (
              <div key={path} className="contents">
                <dt className="font-mono text-xs leading-5 text-muted">{path}</dt>
                <dd className="num">{String(value)}</dd>
              </div>
            ))}
            <dt className="text-muted">{metric}</dt>
            <dd className="num">
              {result.value === null ? "–" : formatPoint(result.value)} (trial {best.number + 1})
            </dd>
            {result.repeats && (
              <>
                <dt className="text-muted">mean over other seeds</dt>
                <dd className="num font-medium">
                  {formatPoint(result.repeats.mean)}
                  {result.repeats.low !== null && result.repeats.high !== null && (
                    <span className="ml-2 font-normal text-muted">
                      [{formatPoint(result.repeats.low)}, {formatPoint(result.repeats.high)}]
                    </span>
                  )}
                </dd>
              </>
            )}
          </dl>
        ) : (
          <p className="text-muted">No trial has finished yet.</p>
        )}
        {result.warnings.map((warning) => (
          <p key={warning} className="text-xs text-muted">
            {warning}
          </p>
        ))}
      </div>
    </Section>
  );
}

function Importance({ result: { importance } }: { result: Sweep["result"] }) {
  return (
    <Section title="Setting importance" description="The share of the variation that each setting explains (ω²).">
      <ul className="flex flex-col gap-2 px-4 pb-4">
        {importance.map(({ setting, share }) => (
          <li key={setting} className="grid grid-cols-[10rem_minmax(0,1fr)_3rem] items-center gap-3">
            <code className="truncate text-xs">{setting}</code>
            <span className="h-2 overflow-hidden rounded-full bg-raised">
              <span className="block h-full rounded-full bg-accent" style={{ width: `${share * 100}%` }} />
            </span>
            <span className="num text-right">{Math.round(share * 100)}%</span>
          </li>
        ))}
        {importance.length === 0 && <li className="text-muted">More finished trials are needed.</li>}
      </ul>
    </Section>
  );
}

const LOOKS: Readonly<Record<Trial["status"], string>> = {
  running: "text-info",
  done: "text-good",
  pruned: "text-muted",
  failed: "text-bad",
};

const columnsOf = ({ search, metric, result }: Sweep): readonly PlainColumn<Trial>[] => [
  {
    id: "number",
    header: "Trial",
    cell: ({ number, role, trainingRunId }) => (
      <span className="whitespace-nowrap">
        {trainingRunId ? (
          <Link to="/training/$trainingRunId" params={{ trainingRunId }} className="num font-medium hover:underline">
            {number + 1}
          </Link>
        ) : (
          <span className="num">{number + 1}</span>
        )}
        {role === "repeat" && <span className="ml-2 text-xs text-muted">repeat</span>}
        {number === result.best && <span className="ml-2 rounded bg-accent-soft px-1.5 text-xs text-accent">best</span>}
      </span>
    ),
  },
  ...Object.keys(search).map((path) => ({
    id: path,
    header: <code className="text-xs">{path}</code>,
    isNumber: true,
    cell: ({ params }: Trial) => {
      const value = params[path];
      return typeof value === "number" ? formatPoint(value) : String(value ?? "–");
    },
  })),
  {
    id: "value",
    header: metric,
    isNumber: true,
    cell: ({ value }) => (value === null ? "–" : <span className="font-medium">{formatPoint(value)}</span>),
  },
  {
    id: "time",
    header: "Time",
    isNumber: true,
    isWide: true,
    cell: ({ seconds }) => (seconds === null ? "–" : formatDuration(seconds * 1_000)),
  },
  {
    id: "status",
    header: "Status",
    className: "w-full min-w-24",
    cell: ({ status, message }) => (
      <span className={LOOKS[status]}>
        ● {status === "done" ? "succeeded" : status}
        {message && <span className="ml-2 text-xs text-muted max-md:hidden">{message}</span>}
      </span>
    ),
  },
];
