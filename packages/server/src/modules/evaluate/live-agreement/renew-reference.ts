import { type AgreementReference, FEWEST_PAIRS } from "@treadle/contract";
import type { Scope } from "../../../kernel/scope.ts";
import { isApart } from "./count-day.ts";
import { dayOf } from "./days.ts";
import type { LiveAgreementDeps } from "./deps.ts";
import { startAgain } from "./detector.ts";
import { recover } from "./incident.ts";
import { type AgreementRow, createAgreementStore } from "./stores/agreement-store.ts";

type Deps = Pick<LiveAgreementDeps, "db" | "incidents" | "clock" | "newestCalibration">;
const RECALIBRATED = "The judge was calibrated again. Its new calibration is the reference.";

/** A calibration that is newer than the reference replaces it, and the evidence begins again. */
export const createRenewal = (deps: Deps) =>
  async function renew(scope: Scope, row: AgreementRow, ruleName: string): Promise<void> {
    const reference = await referenceFor(deps, row);
    if (reference === null) return;
    await deps.db.transaction(async (tx) => {
      const store = createAgreementStore(tx);
      const current = await store.lock(scope.projectId, row.id);
      if (!current || !isNewer(reference, current)) return;
      const changes = { ...startAgain(reference), updatedAt: new Date(deps.clock.now()) };
      const next = await store.update(scope.projectId, row.id, changes);
      if (next && current.worseSince !== null)
        await recover(deps, tx, { scope, row: next, ruleName, text: RECALIBRATED });
    });
  };

const isNewer = ({ setAt }: AgreementReference, { reference }: Pick<AgreementRow, "reference">) =>
  reference === null || Date.parse(setAt) > Date.parse(reference.setAt);

/** Null if there is no newer calibration, or if it has too few pairs. */
async function referenceFor({ newestCalibration }: Deps, row: AgreementRow): Promise<AgreementReference | null> {
  const { score, label, scale, passAt } = row;
  const calibration = await newestCalibration(row.projectId, { score, label, scale, passAt });
  if (calibration === null || calibration.distances.length < FEWEST_PAIRS) return null;
  const { calibrationId, createdAt, distances } = calibration;
  const reference: AgreementReference = {
    kind: "calibration",
    pairs: distances.length,
    disagreements: distances.filter((distance) => isApart(row, distance)).length,
    day: dayOf(createdAt.getTime()),
    setAt: createdAt.toISOString(),
    calibrationId,
  };
  return isNewer(reference, row) ? reference : null;
}
