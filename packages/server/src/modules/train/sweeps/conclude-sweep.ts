import type { SweepResult, SweepSetting, SweepTrial } from "@treadle/contract";
import { studentTQuantile } from "@treadle/metrics";

/** Numbers are sorted into so many groups of like size to see what a setting explains. */
const GROUPS = 4;
/** Under so many trials the importance of settings is mostly chance. */
const FEW = 20;

type Asked = { readonly direction: "min" | "max"; readonly repeats: number };
type Valued = SweepTrial & { readonly value: number };

/** The results of a sweep so far. Values are unchanged. */
export function concludeSweep(trials: readonly SweepTrial[], { direction, repeats }: Asked): SweepResult {
  const sign = direction === "min" ? 1 : -1;
  const valued = trials.flatMap((trial): Valued[] => (trial.value === null ? [] : [{ ...trial, value: trial.value }]));
  const ended = valued.filter(({ status, role }) => status === "done" && role === "search");
  const [best] = ended.toSorted((a, b) => sign * (a.value - b.value) || a.number - b.number);
  const again = valued.filter(({ status, role }) => status === "done" && role === "repeat");
  return {
    best: best?.number ?? null,
    value: best?.value ?? null,
    repeats: again.length > 0 ? spreadOf(again.map(({ value }) => value)) : null,
    importance: importanceOf(ended),
    front: frontOf(ended, sign),
    warnings: warningsOf({ ended, again: again.length, repeats }),
  };
}

function spreadOf(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return { values: [...values], mean, low: null, high: null };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  // Seeds that all give the same say nothing of what others would give.
  if (variance === 0) return { values: [...values], mean, low: null, high: null };
  const half = studentTQuantile(0.975, values.length - 1) * Math.sqrt(variance / values.length);
  return { values: [...values], mean, low: mean - half, high: mean + half };
}

/**
 * For each searched setting, ω² of the values (Hays 1963): the share of their variance that it explains alone,
 * corrected for chance.
 */
function importanceOf(ended: readonly Valued[]): SweepResult["importance"] {
  const settings = Object.keys(ended[0]?.params ?? {});
  return settings
    .map((setting) => ({ setting, share: omegaSquared(groupsBy(ended, setting)) }))
    .filter(({ share }) => Number.isFinite(share))
    .sort((a, b) => b.share - a.share);
}

function groupsBy(ended: readonly Valued[], setting: string): readonly number[][] {
  const points = ended.flatMap(({ params, value }) => {
    const at = params[setting];
    return at === undefined ? [] : [{ at, value }];
  });
  const kinds = new Set(points.map(({ at }) => at));
  if (kinds.size <= GROUPS || points.some(({ at }) => typeof at !== "number")) {
    const groups = Map.groupBy(points, ({ at }): SweepSetting => at);
    return [...groups.values()].map((group) => group.map(({ value }) => value));
  }
  const sorted = points.toSorted((a, b) => Number(a.at) - Number(b.at));
  return Array.from({ length: GROUPS }, (_, place) =>
    sorted
      .slice(Math.floor((place * sorted.length) / GROUPS), Math.floor(((place + 1) * sorted.length) / GROUPS))
      .map(({ value }) => value),
  );
}

function omegaSquared(groups: readonly (readonly number[])[]): number {
  const all = groups.flat();
  const [count, kinds] = [all.length, groups.length];
  if (kinds < 2 || count <= kinds) return Number.NaN;
  const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const middle = meanOf(all);
  const total = all.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  const between = groups.reduce((sum, group) => sum + group.length * (meanOf(group) - middle) ** 2, 0);
  const within = (total - between) / (count - kinds);
  return total === 0 ? Number.NaN : Math.max(0, (between - (kinds - 1) * within) / (total + within));
}

/** Trials that no other trial beats in both value and seconds, fastest first. */
function frontOf(ended: readonly Valued[], sign: number): number[] {
  const timed = ended.flatMap((trial) => (trial.seconds === null ? [] : [{ ...trial, seconds: trial.seconds }]));
  const front: number[] = [];
  let best = Number.POSITIVE_INFINITY;
  for (const { number, value } of timed.toSorted((a, b) => a.seconds - b.seconds || sign * (a.value - b.value))) {
    if (sign * value >= best) continue;
    best = sign * value;
    front.push(number);
  }
  return front;
}

type Counts = { readonly ended: readonly Valued[]; readonly again: number; readonly repeats: number };

function warningsOf({ ended, again, repeats }: Counts): string[] {
  const warnings: string[] = [];
  if (ended.length > 1)
    warnings.push(
      `The best of ${ended.length} trials is partly lucky on the rows that selected it. ` +
        (again > 1
          ? "The runs with other seeds show what the settings achieve. An evaluation set that no trial has seen shows it better."
          : "Evaluate it on a set that no trial has seen."),
    );
  if (ended.length > 1 && ended.length < FEW)
    warnings.push(
      `With ${ended.length} trials, the importance of each setting is mostly chance. Use ${FEW} or more trials.`,
    );
  if (again > 0 && again < repeats) warnings.push(`Only ${again} of ${repeats} repeats have ended.`);
  return warnings;
}
