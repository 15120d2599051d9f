import type { SweepMethod } from "@treadle/contract";
import { createRandom } from "@treadle/metrics";
import { drawSettings, gridSettings, gridSize } from "./space.ts";
import { suggestTpe } from "./tpe.ts";
import type { Seen, Settings, Space } from "./trial.ts";

type Search = { readonly space: Space; readonly method: SweepMethod; readonly trials: number; readonly seed: number };

/** How many trials a search has at most: a grid ends with its last combination. */
export const trialsOf = ({ space, method, trials }: Omit<Search, "seed">): number =>
  method === "grid" ? Math.min(trials, gridSize(space)) : trials;

/**
 * The settings of the next trial, or null if there is none left. The same search with the same history always gives the
 * same settings, so an interrupted search continues as if it had not been interrupted.
 */
export function suggest(search: Search, history: readonly Seen[]): Settings | null {
  const number = history.length;
  if (number >= trialsOf(search)) return null;
  const random = createRandom(search.seed * 1_000_003 + number);
  if (search.method === "grid") return gridSettings(search.space, number);
  return search.method === "random" ? drawSettings(search.space, random) : suggestTpe(search.space, history, random);
}
