/** How often a dashboard can be loaded again, as its address names it. */
export const REFRESHES = [
  { id: "0", label: "Never" },
  { id: "10", label: "Every 10 seconds" },
  { id: "30", label: "Every 30 seconds" },
  { id: "60", label: "Every minute" },
  { id: "300", label: "Every 5 minutes" },
] as const;

const USUAL = "60";

/** The seconds between two refreshes. A fixed time range does not change, so it loads once. */
export function refreshOf(id: string | undefined, isMoving: boolean): number | undefined {
  return Number(id ?? (isMoving ? USUAL : "0")) || undefined;
}
