import type { Listed } from "./use-optimisations.ts";

const LOOKS: Readonly<Record<Listed["status"], string>> = {
  queued: "text-muted",
  running: "text-info",
  done: "text-good",
  failed: "text-bad",
  cancelled: "text-warn",
};

/** Where a search stands: a dot and a word. */
export const OptimisationStatus = ({ status }: Pick<Listed, "status">) => (
  <span className={`text-sm whitespace-nowrap ${LOOKS[status]}`}>● {status}</span>
);
