import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Dialog } from "../../../../components/overlay/dialog.tsx";
import { useProject } from "../../../system/session/index.ts";
import type { LiveRule } from "../use-live-rules.ts";
import { PeriodHistory } from "./period-history.tsx";
import { ScheduleForm } from "./schedule-form.tsx";
import { useSchedule } from "./use-schedule.ts";

/** The schedule of a rule's evaluation runs, and the runs so far. */
export function ScheduleDialog({ rule, close }: { rule: LiveRule; close: () => void }) {
  const { current } = useSchedule(rule.ruleId);
  const canReadRuns = useProject().can("experiments:read");
  return (
    <Dialog
      title={`Scheduled runs of ${rule.name}`}
      description="Evaluates a fresh random sample of the matching traces every day or week. Each period gives one run with its interval."
      close={close}
      width="wide"
    >
      {current.error && !current.data ? (
        <ErrorState error={current.error} retry={() => current.refetch()} title="The schedule could not be loaded" />
      ) : current.data ? (
        <div className="flex flex-col gap-8">
          <ScheduleForm rule={rule} schedule={current.data} />
          {canReadRuns && <PeriodHistory ruleId={rule.ruleId} />}
        </div>
      ) : (
        <Skeleton className="h-60 rounded-card" />
      )}
    </Dialog>
  );
}
