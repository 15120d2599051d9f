import { type Interval, scoreInterval } from "../src/index.ts";
import { holds, newRandom, type Shares, type Source, sharesOf } from "./coverage.ts";

/** Half the width that is asked for, the fewest items, and the level of the interval that has to be as narrow. */
export type Stop = { readonly precision: number; readonly leastItems: number; readonly stopLevel: number };
/** What was shown at the stop, and how many items it took on average. */
export type Stopped = Shares & { readonly items: number };

const SHARE = { min: 0, max: 1 };
const SHOWN = 0.95;
/** Rarer than this changes no digit that is shown. */
const RARE = 1e-9;

const passesInterval = (passes: number, n: number, level: number): Interval | null =>
  scoreInterval(
    {
      items: n,
      answers: n,
      mean: passes / n,
      variance: 0,
      lowest: Number(passes === n),
      highest: Number(passes > 0),
      isPassOrFail: true,
    },
    { alpha: 1 - level, range: SHARE },
  );
const isNarrow = (interval: Interval | null, { precision }: Stop) =>
  interval !== null && (interval[1] - interval[0]) / 2 <= precision;

/** Pass or fail, looked at after every item: the chances of every path, without drawing. */
export function stopCoverage(means: readonly number[], stop: Stop): Stopped {
  const looks = new Map<number, readonly boolean[]>();
  const lookAt = (n: number) => {
    const before = looks.get(n);
    if (before) return before;
    const narrow = Array.from({ length: n + 1 }, (_, passes) =>
      isNarrow(passesInterval(passes, n, stop.stopLevel), stop),
    );
    looks.set(n, narrow);
    return narrow;
  };
  const found = means.map((mean) => followPaths(mean, stop, lookAt));
  const items = found.reduce((sum, one) => sum + one.items, 0) / found.length;
  return {
    ...sharesOf(
      found.map(({ covered }) => covered),
      "least",
    ),
    items,
  };
}

function followPaths(mean: number, { leastItems }: Stop, lookAt: (n: number) => readonly boolean[]) {
  let chances = [1];
  let [covered, items, left] = [0, 0, 1];
  for (let n = 1; left > RARE; n += 1) {
    const next = Array.from(
      { length: n + 1 },
      (_, passes) => (chances[passes] ?? 0) * (1 - mean) + (chances[passes - 1] ?? 0) * mean,
    );
    for (const [passes, isNarrowEnough] of n < leastItems ? [] : lookAt(n).entries()) {
      const chance = next[passes] ?? 0;
      if (!isNarrowEnough || chance === 0) continue;
      if (holds(passesInterval(passes, n, SHOWN), mean)) covered += chance;
      items += chance * n;
      left -= chance;
      next[passes] = 0;
    }
    chances = next;
  }
  return { covered, items };
}

/** After how many more items numbers are looked at again. */
const LOOK = 10;

/** Numbers, looked at after every tenth item, over so many draws. */
export function drawnStopCoverage(sources: readonly Source[], { draws, ...stop }: Stop & { draws: number }): Stopped {
  const random = newRandom();
  let items = 0;
  const shares = sources.map((source) => {
    let count = 0;
    for (let draw = 0; draw < draws; draw += 1) {
      const stopped = drawUntil(() => source.draw(random), stop);
      items += stopped.items / draws / sources.length;
      if (holds(stopped.interval, source.mean)) count += 1;
    }
    return count / draws;
  });
  return { ...sharesOf(shares, "least"), items };
}

function drawUntil(draw: () => number, stop: Stop): { items: number; interval: Interval | null } {
  let [centre, squares, lowest, highest] = [0, 0, Infinity, -Infinity];
  for (let items = 1; ; items += 1) {
    const value = draw();
    const before = centre;
    centre += (value - centre) / items;
    squares += (value - before) * (value - centre);
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
    if (items < stop.leastItems || items % LOOK > 0) continue;
    const spread = { items, answers: items, mean: centre, variance: squares / (items - 1), lowest, highest };
    const intervalAt = (level: number) =>
      scoreInterval({ ...spread, isPassOrFail: false }, { alpha: 1 - level, range: SHARE });
    if (isNarrow(intervalAt(stop.stopLevel), stop)) return { items, interval: intervalAt(SHOWN) };
  }
}
