import type { TraceModel } from "../model/trace-model.ts";

/** How many spans without children were running in each slice of the trace, and in which slices one failed of itself. */
export type Density = { readonly running: Float64Array; readonly failed: readonly number[]; readonly most: number };

/** Counts by differences, so that the time needed does not depend on how long spans are. */
export function densityOf(model: TraceModel, slices: number): Density {
  const change = new Float64Array(slices + 1);
  const failed = new Set<number>();
  const sliceOf = (ms: number) => Math.min(slices - 1, Math.max(0, Math.floor((ms / model.lengthMs) * slices)));
  for (let place = 0; place < model.count; place += 1) {
    const begin = model.start[place] ?? 0;
    const first = sliceOf(begin);
    if (model.statuses[place] === "error" && model.sums.errors[place] === 1) failed.add(first);
    if ((model.size[place] ?? 1) > 1) continue;
    change[first] = (change[first] ?? 0) + 1;
    const after = sliceOf(begin + (model.duration[place] ?? 0)) + 1;
    change[after] = (change[after] ?? 0) - 1;
  }
  const running = new Float64Array(slices);
  let now = 0;
  let most = 1;
  for (let slice = 0; slice < slices; slice += 1) {
    now += change[slice] ?? 0;
    running[slice] = now;
    most = Math.max(most, now);
  }
  return { running, failed: [...failed].sort((a, b) => a - b), most };
}
