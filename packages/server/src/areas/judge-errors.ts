import { type CalibrationService, fewPairsWarnings } from "../modules/evaluate/calibration/index.ts";
import type { LiveAgreementService } from "../modules/evaluate/live-agreement/index.ts";
import type { JudgeErrorsOf } from "../modules/observe/slos/index.ts";

type Sources = {
  readonly calibration: Pick<CalibrationService, "judgeErrors">;
  readonly liveAgreement: Pick<LiveAgreementService, "liveErrors">;
};

/** The errors of a judge from its calibration. Without one that fits, from its agreement with people on live traffic. */
export const judgeErrorsBy =
  (sources: () => Sources): JudgeErrorsOf =>
  async (projectId, of) => {
    const { calibration, liveAgreement } = sources();
    const calibrated = await calibration.judgeErrors(projectId, of);
    if (!("reason" in calibrated)) {
      const { counts, warnings, calibrationId: sourceId, scorerId, version, measuredAt } = calibrated;
      return {
        counts,
        warnings,
        basis: { kind: "calibration", sourceId, scorerId, version, measuredAt: measuredAt.toISOString() },
      };
    }
    const live = await liveAgreement.liveErrors(projectId, of);
    if (live === null) return calibrated;
    const { counts, ruleId: sourceId, measuredAt } = live;
    const basis = {
      kind: "live-agreement",
      sourceId,
      scorerId: null,
      version: null,
      measuredAt: measuredAt.toISOString(),
    } as const;
    const pairs = Object.values(counts).reduce((sum, count) => sum + count, 0);
    return { counts, basis, warnings: fewPairsWarnings(pairs) };
  };
