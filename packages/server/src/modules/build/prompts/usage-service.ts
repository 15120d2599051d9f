import type { PromptStats, PromptUses } from "@treadle/contract";
import { DAY_MS } from "../../../kernel/day.ts";
import { AppError } from "../../../kernel/errors.ts";
import { wholeList } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { scoresOf, whereSpans } from "../../observe/traces/index.ts";
import { findPrompt, type PromptsDeps } from "./read/deps.ts";
import { createUsageStore } from "./stores/usage-store.ts";
import { createVersionStore } from "./stores/version-store.ts";

type Period = { readonly from?: string | undefined; readonly to?: string | undefined };

const DEFAULT_MS = 30 * DAY_MS;

/** The usage of a prompt's versions, from the spans that name them. */
export function createUsage({ db, columnar, clock }: Pick<PromptsDeps, "db" | "columnar" | "clock">) {
  const store = createUsageStore(columnar, scoresOf);

  function periodOf({ from, to }: Period) {
    const until = to === undefined ? clock.now() : Date.parse(to);
    const since = from === undefined ? until - DEFAULT_MS : Date.parse(from);
    if (since >= until)
      throw new AppError("invalid_request", { message: "`to` must be later than `from`.", details: { param: "to" } });
    return { from: new Date(since).toISOString(), to: new Date(until).toISOString() };
  }

  return {
    async stats(scope: Scope, name: string, asked: Period): Promise<PromptStats> {
      await findPrompt(db, scope, name);
      const period = periodOf(asked);
      const where = whereSpans(scope.projectId, period);
      const [rows, scores] = await Promise.all([
        store.listStats(where, name),
        store.listScores(scope.projectId, where, name),
      ]);
      const items = rows.map(({ version, ...row }) => ({
        version,
        requests: row.requests,
        errors: row.errors,
        costUsd: row.cost,
        inputTokens: row.input,
        outputTokens: row.output,
        latencyP50Ms: row.latencies[0] ?? null,
        latencyP95Ms: row.latencies[1] ?? null,
        timeToFirstTokenP50Ms: row.first_token,
        lastUsedAt: toTime(row.last_micros),
        scores: scores
          .filter((score) => score.version === version)
          .map(({ name: of, mean, deviation, n }) => ({
            name: of,
            mean,
            standardError: n < 2 || deviation === null ? null : deviation / Math.sqrt(n),
            n,
          })),
      }));
      return { ...wholeList(items), ...period };
    },

    async uses(scope: Scope, name: string, asked: Period): Promise<PromptUses> {
      await findPrompt(db, scope, name);
      const period = periodOf(asked);
      const where = whereSpans(scope.projectId, period);
      const [including, endpoints, services, traces] = await Promise.all([
        createVersionStore(db).listIncluding(scope.projectId, name),
        store.listUsers(where, name, "endpoint"),
        store.listUsers(where, name, "service"),
        store.listNewest(where, name),
      ]);
      const used = ({ requests, last_micros: last }: { requests: number; last_micros: string }) => ({
        requests,
        lastUsedAt: toTime(last),
      });
      return {
        ...period,
        prompts: including.map(({ reference, ...row }) => ({ ...row, include: `${name}@${reference}` })),
        endpoints: endpoints.map((row) => ({ endpoint: row.value, ...used(row) })),
        services: services.map((row) => ({ service: row.value, ...used(row) })),
        traces: traces.map((row) => ({
          traceId: row.trace_id,
          spanId: row.span_id,
          version: row.prompt_version,
          time: toTime(row.micros),
        })),
      };
    },
  };
}

const toTime = (micros: string) => new Date(Math.floor(Number(micros) / 1_000)).toISOString();
