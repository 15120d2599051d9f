import type { SpendQuery, SpendReport } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import { DAY_MS } from "../../../kernel/day.ts";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { chooseInterval } from "../../../kernel/time-steps.ts";
import type { Columnar } from "../../../platform/columnar/port.ts";
import type { Spool } from "../../../platform/spool/port.ts";
import type { SpendEntry } from "../../build/gateway/index.ts";
import { createSpendStore, SPEND_TABLE } from "./spend-store.ts";

const DEFAULT_DAYS = 30;
const MOST_POINTS = 60;
const NO_NAMES: ReadonlyMap<string, string> = new Map();

/** The names of keys and people by id. */
export type NamesOf = (projectId: string, actors: readonly string[]) => Promise<ReadonlyMap<string, string>>;
/** A user or a tag of a call as the ledger stores it: redacted if the project's privacy settings say so. Never throws. */
export type StoredAs = (projectId: string, what: "user" | "tag", value: string) => string;
type Deps = {
  readonly columnar: Columnar;
  readonly spool: Pick<Spool, "push">;
  readonly clock: Clock;
  readonly namesOf: NamesOf;
  readonly storedAs: StoredAs;
};

/** The ledger of what calls cost. */
export function createSpend({ columnar, spool, clock, namesOf, storedAs }: Deps) {
  const store = createSpendStore(columnar);
  return {
    record: (entry: SpendEntry): void => spool.push(SPEND_TABLE, { toJSON: () => toRow(entry, storedAs) }),

    async report({ projectId }: Scope, { by, limit, ...times }: SpendQuery): Promise<SpendReport> {
      const { from, to } = periodOf(times, clock.now());
      const stepSeconds = chooseInterval((to - from) / 1_000, MOST_POINTS);
      const [total, groups, points] = await Promise.all([
        store.total(projectId, { from, to }),
        store.groups(projectId, { from, to, by, limit }),
        store.points(projectId, { from, to, stepSeconds }),
      ]);
      const actors = groups.map(({ value }) => value).filter((value) => /^(key|user)_|^system$/.test(value));
      const names = by === "key" || by === "user" ? await namesOf(projectId, actors) : NO_NAMES;
      return {
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
        total,
        groups: groups.map((group) => ({ ...group, name: names.get(group.value) ?? group.value })),
        stepSeconds,
        points: points.map(({ step, ...point }) => ({ time: new Date(step * 1_000).toISOString(), ...point })),
      };
    },
  };
}

function periodOf({ from: since, to: until }: Pick<SpendQuery, "from" | "to">, now: number) {
  const to = until === undefined ? now : Date.parse(until);
  const from = since === undefined ? to - DEFAULT_DAYS * DAY_MS : Date.parse(since);
  if (from < to) return { from, to };
  throw new AppError("invalid_request", { message: "`from` must be before `to`.", details: { param: "from" } });
}

const toRow = (entry: SpendEntry, storedAs: StoredAs) => ({
  project_id: entry.projectId,
  time: entry.startedAt,
  span_id: entry.spanId,
  attempt: entry.attempt,
  actor: entry.actor,
  user_id: storedAs(entry.projectId, "user", entry.userId).toWellFormed(),
  tags: entry.tags.map((tag) => storedAs(entry.projectId, "tag", tag).toWellFormed()),
  endpoint: entry.endpoint,
  variant: entry.variant,
  connection: entry.connection,
  provider: entry.provider,
  model: entry.model.toWellFormed().slice(0, 300),
  input_tokens: entry.inputTokens,
  output_tokens: entry.outputTokens,
  cached_input_tokens: entry.cachedInputTokens,
  cache_write_tokens: entry.cacheWriteTokens,
  reasoning_tokens: entry.reasoningTokens,
  cost_usd: entry.costUsd,
});
