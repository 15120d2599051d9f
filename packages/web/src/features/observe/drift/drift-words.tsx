import { formatPercent } from "../../../components/text/format.ts";
import type { DriftRun, DriftSignal, DriftWatch } from "./use-drift.ts";

const STATUSES: Readonly<Record<DriftWatch["status"], { look: string; word: string }>> = {
  waiting: { look: "text-muted", word: "waiting" },
  running: { look: "text-info", word: "running" },
  failed: { look: "text-bad", word: "failed" },
  "not-enough-data": { look: "text-muted", word: "not enough data" },
  stable: { look: "text-good", word: "stable" },
  changed: { look: "text-warn", word: "changed once" },
  confirmed: { look: "text-bad", word: "drift confirmed" },
};

/** The state of a watch: a dot and a word. */
export function DriftStatus({ watch: { status, isEnabled } }: { watch: Pick<DriftWatch, "status" | "isEnabled"> }) {
  const { look, word } = STATUSES[status];
  return (
    <span className={`text-sm whitespace-nowrap ${look}`}>
      ● {word}
      {!isEnabled && <span className="text-muted">, paused</span>}
    </span>
  );
}

export const statusOf = ({ state, verdict }: DriftRun): DriftWatch["status"] =>
  state === "done" ? (verdict ?? "stable") : state;
export const wordOf = (status: DriftWatch["status"]): string => STATUSES[status].word;

/** The size of a change in its own unit. */
export function formatEffect({ effect, value }: Pick<DriftSignal, "effect" | "value">): string {
  if (effect === "share") return `${signed(value * 100, 1)} points`;
  return effect === "auc" ? `AUC ${value.toFixed(2)}` : value.toPrecision(2);
}

/** The interval of a change. Empty if it has none. */
export function formatInterval({ effect, lower, upper }: DriftSignal): string {
  if (lower === null || upper === null) return "";
  return effect === "share"
    ? `${signed(lower * 100, 1)} to ${signed(upper * 100, 1)}`
    : `${lower.toFixed(2)} to ${upper.toFixed(2)}`;
}

/** A share or a median of one side. */
export function formatSide({ effect }: Pick<DriftSignal, "effect">, value: number | null): string {
  if (value === null) return "–";
  return effect === "share" ? formatPercent(value) : String(Math.round(value * 1_000) / 1_000);
}

export const formatP = (value: number): string => (value < 0.001 ? "<0.001" : value.toFixed(3));

function signed(value: number, digits: number): string {
  const size = Math.abs(value).toFixed(digits);
  if (Number(size) === 0) return size;
  return value < 0 ? `−${size}` : `+${size}`;
}
