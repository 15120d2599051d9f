import type { StatusNote } from "./use-status-page.ts";

export const NOTE_STATES: Readonly<Record<StatusNote["state"], string>> = {
  investigating: "investigating",
  identified: "identified",
  monitoring: "monitoring",
  resolved: "resolved",
};
