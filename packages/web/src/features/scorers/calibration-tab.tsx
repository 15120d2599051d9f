import { Scale, X } from "lucide-react";
import { IconButton } from "../../components/button.tsx";
import { AgoCell } from "../../components/cells.tsx";
import { Section } from "../../components/page.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../components/states.tsx";
import { toastDone } from "../../components/toast.tsx";
import { useProject } from "../session/index.ts";
import { AnchorSets } from "./anchor-sets.tsx";
import { CalibrationForm } from "./calibration-form.tsx";
import { CalibrationReport } from "./calibration-report.tsx";
import { ScoreRates } from "./score-rates.tsx";
import { type Calibration, useCalibrationChanges, useCalibrations } from "./use-calibrations.ts";
import type { Scorer } from "./use-scorers.ts";

type TabProps = { scorer: Scorer; shown: string | undefined; onShow: (calibrationId: string | undefined) => void };

/** How far the scorer agrees with people, and where it does not. */
export function CalibrationTab({ scorer, shown: asked, onShow }: TabProps) {
  const { can } = useProject();
  const list = useCalibrations(scorer.scorerId);
  const shown = list.data?.find(({ calibrationId }) => calibrationId === asked) ?? list.data?.[0];
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_22rem] items-start gap-4 px-6 pt-4 pb-8 max-lg:grid-cols-1 max-md:px-4">
      <div className="flex min-w-0 flex-col gap-4">
        {list.error && !list.data ? (
          <ErrorState error={list.error} retry={() => list.refetch()} title="The calibrations could not be loaded" />
        ) : !list.data ? (
          <Skeleton className="h-64 rounded-card" />
        ) : shown ? (
          <>
            <CalibrationReport key={shown.calibrationId} calibration={shown} />
            {can("traces:read") && (
              <Section
                title="On live spans"
                description="What its scores on spans come to, as it has them and without its errors on labelled answers."
              >
                <div className="px-4 pb-4">
                  <ScoreRates scores={[scorer.name]} />
                </div>
              </Section>
            )}
          </>
        ) : (
          <EmptyState title="Not compared with people yet" icon={<Scale size={22} />}>
            Say where people judged the same answers, and see how far the scorer agrees with them, which way it errs,
            and what its rates are once its errors are taken out.
          </EmptyState>
        )}
      </div>
      <div className="flex flex-col gap-4">
        {can("scorers:write") && <CalibrationForm scorer={scorer} onMade={onShow} />}
        <AnchorSets scorer={scorer} onShow={onShow} />
        {list.data && list.data.length > 0 && (
          <History {...{ list: list.data, shown, onShow }} canWrite={can("scorers:write")} />
        )}
      </div>
    </div>
  );
}

type HistoryProps = {
  list: readonly Calibration[];
  shown: Calibration | undefined;
  onShow: TabProps["onShow"];
  canWrite: boolean;
};

function History({ list, shown, onShow, canWrite }: HistoryProps) {
  const { remove } = useCalibrationChanges();
  return (
    <Section title="Calibrations" className="overflow-hidden">
      <ol className="divide-y divide-line border-line border-t">
        {list.map((one) => (
          <li
            key={one.calibrationId}
            className={`flex items-center ${one === shown ? "bg-accent-soft" : "hover:bg-raised"}`}
          >
            <button
              type="button"
              aria-current={one === shown || undefined}
              onClick={() => onShow(one.calibrationId)}
              className="flex min-w-0 grow flex-col px-4 py-2 text-left -outline-offset-2"
            >
              <span className="num">
                Version {one.version}, {one.report.pairs} pairs
                {one.alarm && <span className="ml-2 text-bad">● agreement fell</span>}
              </span>
              <span className="text-xs text-muted">
                {one.createdBy}, <AgoCell iso={one.createdAt} />
              </span>
            </button>
            {canWrite && (
              <IconButton
                size="small"
                label={`Delete the calibration of ${one.report.pairs} pairs`}
                onClick={() =>
                  remove.mutate(one.calibrationId, {
                    onSuccess: () => {
                      onShow(undefined);
                      toastDone("Deleted the calibration");
                    },
                  })
                }
                className="mr-2"
              >
                <X size={13} />
              </IconButton>
            )}
          </li>
        ))}
      </ol>
    </Section>
  );
}
