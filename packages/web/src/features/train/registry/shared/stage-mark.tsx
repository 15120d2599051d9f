import type { Stage } from "./use-registry-changes.ts";

const LOOKS = { none: "text-muted", staging: "text-info", production: "text-good", archived: "text-warn" } as const;

/** The stage of a version. A word accompanies the colour. */
export const StageMark = ({ stage }: { stage: Stage }) =>
  stage === "none" ? (
    <span className="text-muted">none</span>
  ) : (
    <span className={`whitespace-nowrap ${LOOKS[stage]}`}>● {stage}</span>
  );
