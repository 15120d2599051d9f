import { isCall, type TraceModel } from "./trace-model.ts";

/** The spans that failed of themselves: none below them failed. The deepest first, since a failure carries its cause upwards. */
export function causesOf(model: TraceModel): readonly number[] {
  const causes: number[] = [];
  for (let place = 0; place < model.count; place += 1)
    if (model.statuses[place] === "error" && model.sums.errors[place] === 1) causes.push(place);
  return causes;
}

/** Where reading begins: in a trace that failed the deepest step that failed first, else the first span that says something. */
export function firstToRead(model: TraceModel): number {
  if (model.statuses[0] !== "error") return belowWrappers(model);
  return causesOf(model).reduce((best, place) => (depthOf(model, place) > depthOf(model, best) ? place : best), 0);
}

/** The first span, or, where plain ones only wrap it, such as an HTTP request around an agent, what they wrap. */
function belowWrappers(model: TraceModel): number {
  let place = 0;
  while (model.kinds[place] === "span") {
    const below = (model.size[place] ?? 1) - 1;
    if (below === 0 || model.size[place + 1] !== below) return 0;
    place += 1;
  }
  return place;
}

const depthOf = (model: TraceModel, place: number) => model.depth[place] ?? 0;

/** The trace in one line. */
export function totalsOf(model: TraceModel) {
  const total = { inputTokens: 0, outputTokens: 0, costUsd: 0, priced: 0, errors: 0, calls: 0 };
  for (let place = 0; place < model.count; place += model.size[place] ?? 1) {
    total.inputTokens += model.sums.inputTokens[place] ?? 0;
    total.outputTokens += model.sums.outputTokens[place] ?? 0;
    total.costUsd += model.sums.costUsd[place] ?? 0;
    total.priced += model.sums.priced[place] ?? 0;
    total.errors += model.sums.errors[place] ?? 0;
  }
  for (const kind of model.kinds) if (isCall(kind)) total.calls += 1;
  return { ...total, costUsd: total.priced > 0 ? total.costUsd : null, durationMs: model.lengthMs };
}
