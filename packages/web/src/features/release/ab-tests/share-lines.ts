import type { AbTest, AbTestEvent } from "./use-ab-tests.ts";

export type ShareLines = { readonly times: readonly number[]; readonly values: readonly (readonly number[])[] };
type Step = { readonly time: number; readonly shares: readonly number[] };
type Changes = { readonly items: readonly AbTestEvent[]; readonly nextCursor: string | null };

/**
 * The shares of each variant over time, in the order of the arms, as steps: a change is a point just before it and one at
 * it. Times are in seconds.
 */
export function shareLines({ arms, startedAt, endedAt }: AbTest, changes: Changes, now: number): ShareLines {
  const start = secondsOf(startedAt, now);
  const known = changes.items.toReversed().map(({ at, shares }): Step => {
    const shareOf = (variant: string) => shares?.find((one) => one.variant === variant)?.share ?? 0;
    return { time: secondsOf(at, now), shares: arms.map(({ variant }) => shareOf(variant)) };
  });
  // Older changes than the ones that were read are not drawn.
  const first = changes.nextCursor === null ? [{ time: start, shares: arms.map(({ share }) => share) }] : [];
  const steps = [...first, ...known];
  const points = steps.flatMap((step, place) => {
    const before = steps[place - 1];
    return before ? [{ time: step.time - 1, shares: before.shares }, step] : [step];
  });
  const last = steps.at(-1);
  const all = last ? [...points, { time: secondsOf(endedAt, now), shares: last.shares }] : points;
  const ordered = all.filter(({ time }, place) => place === 0 || time > (all[place - 1]?.time ?? 0));
  return {
    times: ordered.map(({ time }) => time),
    values: arms.map((_, arm) => ordered.map(({ shares }) => shares[arm] ?? 0)),
  };
}

const secondsOf = (iso: string | null, now: number): number => (iso === null ? now : Date.parse(iso)) / 1_000;
