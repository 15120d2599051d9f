import { Scale, X } from "lucide-react";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { IconButton } from "../../../../components/form/button.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { AgoCell } from "../../../../components/table/cells.tsx";
import { formatNumberOf } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import { ScoreRates } from "../shared/score-rates.tsx";
import type { Scorer } from "../shared/use-scorers.ts";
import { AnchorSets } from "./anchor-sets.tsx";
import { CalibrationForm } from "./calibration-form.tsx";
import { CalibrationReport } from "./calibration-report.tsx";
import { type Calibration, useCalibrationChanges, useCalibrations } from "./use-calibrations.ts";

type TabProps = { scorer: Scorer; shown: string | undefined; onShow: (calibrationId: string | undefined) => void };

/** The agreement of the scorer with people, and where it fails. */
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
                title="Live spans"
                description="Score rates on spans, uncorrected and corrected for errors on labeled answers."
              >
                <div className="px-4 pb-4">
                  <ScoreRates scores={[scorer.name]} />
                </div>
              </Section>
            )}
          </>
        ) : (
          <EmptyState title="Not calibrated yet" icon={<Scale size={22} />}>
            Choose answers with human ratings to see how well the scorer agrees with people, its errors, and corrected
            rates.
          </EmptyState>
        )}
      </div>
      <div className="flex flex-col gap-4">
        {can("scorers:write") && <CalibrationForm scorer={scorer} onMade={onShow} />}
        <AnchorSets scorer={scorer} onShow={onShow} />
        {list.data && list.data.length > 0 && (
          <History list={list.data} shown={shown} onShow={onShow} canWrite={can("scorers:write")} />
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
                {one.alarm && <span className="ml-2 text-bad">● agreement dropped</span>}
              </span>
              <span className="text-xs text-muted">
                {one.createdBy}, <AgoCell iso={one.createdAt} />
              </span>
            </button>
            {canWrite && (
              <IconButton
                size="small"
                label={`Delete calibration of ${formatNumberOf(one.report.pairs, "pair")}`}
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
