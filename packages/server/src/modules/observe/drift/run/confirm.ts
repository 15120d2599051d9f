import type { DriftSignal, DriftVerdict } from "@treadle/contract";

type Day = { readonly day: string; readonly signals: readonly Pick<DriftSignal, "signal" | "isChanged">[] };
type Unconfirmed = Omit<DriftSignal, "isConfirmed">;

/** Marks the signals that changed on the day and on one of the two days before. */
export function confirm(signals: readonly Unconfirmed[], earlier: readonly Day[]): DriftSignal[] {
  const changedBefore = new Set(
    earlier.flatMap((day) => day.signals.filter(({ isChanged }) => isChanged).map(({ signal }) => signal)),
  );
  return signals.map((one) => ({ ...one, isConfirmed: one.isChanged && changedBefore.has(one.signal) }));
}

export function verdictOf(signals: readonly DriftSignal[]): DriftVerdict {
  if (signals.some(({ isConfirmed }) => isConfirmed)) return "confirmed";
  return signals.some(({ isChanged }) => isChanged) ? "changed" : "stable";
}
