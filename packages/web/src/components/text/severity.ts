import type { Severity } from "@treadle/contract";

/** How urgent an alert is, in a word. */
export const SEVERITY_WORDS: Readonly<Record<Severity, string>> = {
  info: "Info",
  warning: "Warning",
  critical: "Critical",
};
