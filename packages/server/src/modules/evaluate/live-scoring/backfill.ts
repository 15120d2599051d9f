import { z } from "zod";
import { AppError } from "../../../kernel/errors.ts";
import type { JobHandler, JobKind, JobRun } from "../../../platform/jobs/port.ts";
import { createDelivery } from "./deliver-scores.ts";
import type { LiveScoringDeps } from "./deps.ts";
import { createTraceReading, wantsTrace } from "./read-trace.ts";
import { wholeFilter } from "./rule-filter.ts";
import { createRuleStore } from "./rule-store.ts";
import { createSpanScoring, keepScores } from "./score-spans.ts";

const Payload = z.object({ ruleId: z.string(), from: z.string(), to: z.string() });
type Payload = z.output<typeof Payload>;
export const BACKFILL_KIND: JobKind<Payload, null> = {
  name: "live-scoring-backfill",
  payload: Payload,
  state: z.null(),
};

const BATCH = 50;
const MOST_SPANS = 100_000;

/** Scores what lies within a time and was not scored yet, or could not be; newest first. */
export function createBackfill(deps: LiveScoringDeps): JobHandler<Payload, null> {
  const { db, traces, scorers } = deps;
  const score = createSpanScoring(deps);
  const deliver = createDelivery(deps);
  const reading = createTraceReading(deps);
  return {
    isWhole: (result: unknown) =>
      typeof result === "object" && result !== null && "stopped" in result && result.stopped === "",
    async run({ scope, payload, signal, report }: JobRun<Payload, null>) {
      const first = await createRuleStore(db).find(scope.projectId, payload.ruleId);
      if (!first) throw new AppError("not_found", { message: "The rule was deleted." });
      const { from, to } = payload;
      const filter = { filter: wholeFilter(first), from, to };
      const pick = { kind: "newest" as const, size: MOST_SPANS, seed: 1, share: first.samplingRate };
      const keys = await traces.picked.pick(scope.projectId, filter, pick);
      const counts = { spans: keys.length, scored: 0, undefined: 0, failed: 0, skipped: 0 };
      const bound = await scorers.bind(scope, first.scorers);
      let stopped = "";
      for (let at = 0; at < keys.length && stopped === ""; at += BATCH) {
        signal.throwIfAborted();
        const rule = await createRuleStore(db).find(scope.projectId, payload.ruleId);
        if (!rule) break;
        const found = [];
        for await (const { span } of traces.picked.read(scope.projectId, keys.slice(at, at + BATCH))) found.push(span);
        // A trace that is still on its way is left to the rule itself, or to a later backfill.
        const spans = wantsTrace(rule, bound)
          ? [...(await reading.settled({ projectId: scope.projectId, spans: found }))]
          : found;
        const judged = await score({ rule, bound, spans, retryFailed: true, signal });
        await keepScores(db, rule, judged);
        await deliver(scope.projectId, signal);
        for (const state of ["scored", "undefined", "failed", "skipped"] as const)
          counts[state] += judged.progress[state];
        stopped = judged.stopped;
        report({ done: Math.min(at + BATCH, keys.length), total: keys.length, unit: "spans", message: stopped });
      }
      return { ...counts, stopped };
    },
  };
}
