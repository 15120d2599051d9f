import { RECENT_DAYS } from "@treadle/contract";
import type { JudgeCalibration } from "@treadle/metrics";
import { canReadAt, countAt } from "../calibration/index.ts";
import { dayOf, dayPlus, startOf } from "./days.ts";
import type { LiveAgreementDeps } from "./deps.ts";
import { createAgreementStore } from "./stores/agreement-store.ts";
import { createDayStore } from "./stores/day-store.ts";

type LiveErrors = { readonly counts: JudgeCalibration; readonly ruleId: string; readonly measuredAt: Date };

/**
 * How often the judge of a score was right on live traffic of the last 30 days, from at most 20,000 pairs. Null if no rule compares
 * it with people.
 */
export const createLiveErrors = ({ db, clock }: Pick<LiveAgreementDeps, "db" | "clock">) =>
  async function liveErrors(
    projectId: string,
    { score, least }: { readonly score: string; readonly least: number },
  ): Promise<LiveErrors | null> {
    const today = dayOf(clock.now());
    for (const row of await createAgreementStore(db).list(projectId)) {
      if (row.score !== score || !canReadAt(row, least)) continue;
      const pairs = await createDayStore(db).listNewest(row.id, dayPlus(today, 1 - RECENT_DAYS), today);
      const [newest] = pairs;
      if (!newest) continue;
      const counts = countAt(pairs, { scale: row.scale, least });
      return { counts, ruleId: row.ruleId, measuredAt: startOf(newest.day) };
    }
    return null;
  };
