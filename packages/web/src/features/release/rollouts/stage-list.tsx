import { Section } from "../../../components/layout/page.tsx";
import { formatDuration, formatNumberOf, formatPercent } from "../../../components/text/format.ts";
import type { Rollout } from "./use-rollouts.ts";

type Stage = Rollout["stages"][number];

/** The stages with their shares, and how far the current one is. */
export function StageList({ rollout }: { rollout: Rollout }) {
  return (
    <Section title="Stages">
      <ol className="flex flex-col gap-2 px-4 pb-4">
        {rollout.stages.map((stage, place) => (
          <StageRow key={stage.share} stage={stage} place={place} rollout={rollout} />
        ))}
      </ol>
    </Section>
  );
}

function StageRow({ stage, place, rollout }: { stage: Stage; place: number; rollout: Rollout }) {
  const { stage: current, state, evidence } = rollout;
  const isCurrent = current === place && (state === "running" || state === "holding" || state === "paused");
  const isPassed = state === "promoted" || (current !== null && place < current);
  const units = isCurrent ? (evidence?.units.candidate ?? 0) : 0;
  const done = isPassed ? 1 : Math.min(1, units / stage.minUnits);
  return (
    <li
      aria-current={isCurrent ? "step" : undefined}
      className={`grid grid-cols-[1.5rem_3.5rem_minmax(0,1fr)] items-center gap-x-3 gap-y-1 ${isCurrent ? "" : "text-muted"}`}
    >
      <span className="num">{isPassed ? "✓" : place + 1}</span>
      <span className="num font-medium">{formatPercent(stage.share)}</span>
      <span aria-hidden className="h-1.5 overflow-hidden rounded-full bg-raised">
        <span className="block h-full rounded-full bg-accent" style={{ width: `${done * 100}%` }} />
      </span>
      <span className="col-start-3 text-xs">{isCurrent ? progressOf(stage, rollout) : needsOf(stage)}</span>
    </li>
  );
}

function progressOf({ minUnits, minMinutes }: Stage, { evidence }: Rollout): string {
  const units = `${evidence?.units.candidate ?? 0} of ${formatNumberOf(minUnits, "unit")}`;
  const minutes = `${evidence?.observedMinutes ?? 0} of ${formatNumberOf(minMinutes, "minute")}`;
  return minMinutes > 0 ? `${units}, ${minutes}` : units;
}

function needsOf({ minUnits, minMinutes, needsApproval }: Stage): string {
  const parts = [
    `at least ${formatNumberOf(minUnits, "unit")}`,
    ...(minMinutes > 0 ? [formatDuration(minMinutes * 60_000)] : []),
    ...(needsApproval ? ["approval"] : []),
  ];
  return parts.join(", ");
}
