import { DETECTORS, type Detector, injection, prepareText } from "@treadle/guards";
import type { Clock } from "../../../../kernel/clock.ts";
import type { Log } from "../../../../kernel/log.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createAudit } from "../../../system/audit/index.ts";
import { createGuards } from "../../guards/index.ts";

type Means = { readonly db: Postgres; readonly clock: Clock; readonly log: Log };

const byRule: Detector<unknown> = { ...injection, find: (text) => injection.find(text, { threshold: 0 }) };
const secrets: Detector<unknown> = { ...DETECTORS.secrets, find: (text) => DETECTORS.secrets.find(text, undefined) };

/** Guards with the detectors `injection` and `secrets`. Policies are stored, and nothing masks. */
export const openTestGuards = ({ db, clock, log }: Means) =>
  createGuards({
    db,
    secrets: { seal: (plain) => plain, open: (sealed) => sealed },
    audit: createAudit({ db, clock }),
    registry: {
      detectors: new Map([
        ["injection", byRule],
        ["secrets", secrets],
      ]),
      prepare: prepareText,
      thresholdOf: () => 0.5,
      readOptions: (_detector, options) => options,
    },
    hasModel: async () => true,
    listVariants: async () => undefined,
    clock,
    log,
  });
