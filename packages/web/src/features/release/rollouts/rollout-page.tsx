import { getRouteApi } from "@tanstack/react-router";
import { ApiError } from "../../../api.ts";
import { RunEnd } from "../../../components/feedback/run-end.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { BackLink, PageHeader, Section } from "../../../components/layout/page.tsx";
import { formatNumberOf, formatTime } from "../../../components/text/format.ts";
import { UNIT_WORDS } from "../comparisons/index.ts";
import { DeploymentSection } from "./deployment-section.tsx";
import { EvidenceCharts } from "./evidence-charts.tsx";
import { EvidenceTable } from "./evidence-table.tsx";
import { MonitorList } from "./monitor-list.tsx";
import { RolloutActions } from "./rollout-actions.tsx";
import { RolloutEvents } from "./rollout-events.tsx";
import { RolloutState, toneOf } from "./rollout-state.tsx";
import { StageList } from "./stage-list.tsx";
import { type Rollout, useRollout } from "./use-rollouts.ts";

const route = getRouteApi("/shell/rollouts/$rolloutId");

/** One rollout: its stages, the evidence per metric, what is missing, and its events. Updates while it has the endpoint. */
export function RolloutPage() {
  const { rolloutId } = route.useParams();
  const rollout = useRollout(rolloutId);
  const back = <BackLink to="/rollouts" label="Rollouts" />;
  const { data, error } = rollout;
  if (error && !data)
    return (
      <>
        <PageHeader title="Rollout" back={back} />
        <LoadFailure error={error} retry={() => rollout.refetch()} />
      </>
    );
  return (
    <>
      <PageHeader
        title={data ? `${data.endpoint}: ${data.candidate}` : "Rollout"}
        back={back}
        beside={data && <HeaderState rollout={data} />}
        description={data ? wordsOf(data) : <Skeleton className="h-4 w-60" />}
        action={data && <RolloutActions rollout={data} />}
      />
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        {data ? <Parts rollout={data} /> : <Skeleton className="h-52 rounded-card" />}
      </div>
    </>
  );
}

function LoadFailure({ error, retry }: { error: Error; retry: () => void }) {
  if (error instanceof ApiError && error.status === 404)
    return (
      <EmptyState title="Rollout not found">It may have been deleted, or it belongs to another project.</EmptyState>
    );
  return <ErrorState error={error} retry={retry} />;
}

const HeaderState = ({ rollout }: { rollout: Rollout }) => (
  <span className="ml-2">
    <RolloutState rollout={rollout} />
  </span>
);

function wordsOf({ candidate, control, unit, endsAt, state }: Rollout): string {
  const compared = `${candidate} against ${control}, compared by ${UNIT_WORDS[unit].toLowerCase()}.`;
  if (endsAt === null) return compared;
  return `${compared} ${state === "paused" ? "Expires" : "Ends without a decision"} on ${formatTime(endsAt)}.`;
}

function Parts({ rollout }: { rollout: Rollout }) {
  const { message, lastError, evidence, state } = rollout;
  return (
    <>
      {message && <RunEnd tone={toneOf(rollout)} words={message} />}
      {lastError && <RunEnd tone="warn" words={`The last evaluation failed: ${lastError}`} />}
      {state !== "draft" && <DeploymentSection rollout={rollout} />}
      <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] gap-4 max-lg:grid-cols-1">
        <StageList rollout={rollout} />
        <Missing rollout={rollout} />
      </div>
      <MonitorList rollout={rollout} />
      {state !== "draft" && <EvidenceTable rollout={rollout} />}
      {state !== "draft" && <EvidenceCharts rollout={rollout} />}
      {evidence && <Excluded evidence={evidence} />}
      <RolloutEvents rollout={rollout} />
    </>
  );
}

/** What the end of the stage still takes. */
function Missing({ rollout: { state, evidence } }: { rollout: Rollout }) {
  const isDeciding = state === "running" || state === "holding";
  const waiting = isDeciding ? (evidence?.waitingFor ?? []) : [];
  return (
    <Section title="Missing for a decision">
      <ul aria-live="polite" className="flex flex-col gap-1.5 px-4 pb-4">
        {waiting.map(({ message }) => (
          <li key={message} className="flex gap-2 text-pretty">
            <span aria-hidden className="text-muted">
              •
            </span>
            <span className="min-w-0 [overflow-wrap:anywhere]">{message}</span>
          </li>
        ))}
        {waiting.length === 0 && <li className="text-muted">{NOTHING_MISSING[state]}</li>}
      </ul>
    </Section>
  );
}

const NOTHING_MISSING: Readonly<Record<Rollout["state"], string>> = {
  draft: "Start the rollout to collect evidence.",
  running: "The first evaluation follows within seconds.",
  holding: "The stage has all it needs. A person decides.",
  paused: "Resume the rollout to start its stage again.",
  promoted: "Nothing. The candidate has the control's weight.",
  "rolled-back": "Nothing. The rollout is over.",
  expired: "Nothing. The rollout is over.",
};

/** Requests and units that do not count, and why. */
function Excluded({ evidence: { excluded, ratio } }: { evidence: NonNullable<Rollout["evidence"]> }) {
  const rows = [
    [formatNumberOf(excluded.forced, "request"), "had their variant from the caller or from their conversation"],
    [formatNumberOf(excluded.otherUnit, "request"), "had another kind of unit"],
    [formatNumberOf(excluded.otherShare, "request"), "were assigned by another share"],
    [formatNumberOf(excluded.changedVariant, "unit"), "were answered by both arms"],
    [formatNumberOf(excluded.beganEarlier, "unit"), "began before the stage"],
  ] as const;
  return (
    <Section title="Not counted" description="The comparison leaves these out in both arms.">
      <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1 px-4 pb-4">
        {rows.map(([count, why]) => (
          <div key={why} className="contents">
            <dt className="num text-right">{count}</dt>
            <dd className="text-muted">{why}</dd>
          </div>
        ))}
        <dt className="num text-right">{ratio.evidence >= ratio.line ? "Uneven" : "Even"}</dt>
        <dd className="text-muted">division of the units, tested at each evaluation</dd>
      </dl>
    </Section>
  );
}
