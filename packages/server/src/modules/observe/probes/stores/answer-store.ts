import { and, asc, eq, gte, inArray, isNotNull, ne, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { type FirstToken, probeAnswers, probeRuns } from "./schema.ts";

/** How often each answer was given to a prompt. */
export type Counts = ReadonlyMap<string, number>;
export type AnswerRow = typeof probeAnswers.$inferSelect;
/** The answers of one hour under one reference. */
type Slot = { readonly probeId: string; readonly epoch: number; readonly slot: number };

/** So many characters of an answer decide whether two answers are the same. */
const COMPARED = 120;
const compared = sql<string>`left(${probeAnswers.answer}, ${sql.raw(String(COMPARED))})`;

const inReference = ({ probeId, epoch, slot }: Slot) =>
  and(
    eq(probeRuns.probeId, probeId),
    eq(probeRuns.epoch, epoch),
    eq(probeRuns.slot, slot),
    eq(probeRuns.isReference, true),
    ne(probeRuns.state, "running"),
  );

export const createAnswerStore = (db: Postgres) => ({
  async add(row: AnswerRow): Promise<void> {
    await db.insert(probeAnswers).values(row).onConflictDoNothing();
  },
  /** The calls of a run that are answered, as `prompt repeat`. */
  async listDone(runId: string): Promise<ReadonlySet<string>> {
    const rows = await db
      .select({ promptId: probeAnswers.promptId, repeat: probeAnswers.repeat })
      .from(probeAnswers)
      .where(eq(probeAnswers.runId, runId));
    return new Set(rows.map(({ promptId, repeat }) => `${promptId} ${repeat}`));
  },
  count: (runId: string): Promise<number> => db.$count(probeAnswers, eq(probeAnswers.runId, runId)),

  async costOf(runId: string): Promise<{ sum: number; most: number }> {
    const [row] = await db
      .select({
        sum: sql<number>`coalesce(sum(${probeAnswers.costUsd}), 0)::float8`,
        most: sql<number>`coalesce(max(${probeAnswers.costUsd}), 0)::float8`,
      })
      .from(probeAnswers)
      .where(eq(probeAnswers.runId, runId));
    return { sum: Number(row?.sum ?? 0), most: Number(row?.most ?? 0) };
  },
  /** The cost of a probe's answers to some kinds of runs since a time. */
  async costSince(
    probeId: string,
    kinds: readonly ("reference" | "daily" | "confirmation")[],
    since: Date,
  ): Promise<number> {
    const [row] = await db
      .select({ sum: sql<number>`coalesce(sum(${probeAnswers.costUsd}), 0)::float8` })
      .from(probeAnswers)
      .innerJoin(probeRuns, eq(probeRuns.id, probeAnswers.runId))
      .where(
        and(eq(probeRuns.probeId, probeId), inArray(probeRuns.kind, [...kinds]), gte(probeAnswers.answeredAt, since)),
      );
    return Number(row?.sum ?? 0);
  },

  async countsOfRun(runId: string): Promise<ReadonlyMap<string, Counts>> {
    const rows = await db
      .select({ promptId: probeAnswers.promptId, answer: compared, count: sql<number>`count(*)::int` })
      .from(probeAnswers)
      .where(eq(probeAnswers.runId, runId))
      .groupBy(probeAnswers.promptId, compared);
    return toCounts(rows);
  },
  async countsOfReference(slot: Slot): Promise<ReadonlyMap<string, Counts>> {
    const rows = await db
      .select({ promptId: probeAnswers.promptId, answer: compared, count: sql<number>`count(*)::int` })
      .from(probeAnswers)
      .innerJoin(probeRuns, eq(probeRuns.id, probeAnswers.runId))
      .where(inReference(slot))
      .groupBy(probeAnswers.promptId, compared);
    return toCounts(rows);
  },

  async logprobsOfRun(runId: string): Promise<ReadonlyMap<string, readonly FirstToken[]>> {
    const rows = await db
      .select({ promptId: probeAnswers.promptId, logprobs: probeAnswers.logprobs })
      .from(probeAnswers)
      .where(and(eq(probeAnswers.runId, runId), isNotNull(probeAnswers.logprobs)))
      .orderBy(asc(probeAnswers.promptId), asc(probeAnswers.repeat));
    return toTokens(rows);
  },
  async logprobsOfReference(slot: Slot): Promise<ReadonlyMap<string, readonly FirstToken[]>> {
    const rows = await db
      .select({ promptId: probeAnswers.promptId, logprobs: probeAnswers.logprobs })
      .from(probeAnswers)
      .innerJoin(probeRuns, eq(probeRuns.id, probeAnswers.runId))
      .where(and(inReference(slot), isNotNull(probeAnswers.logprobs)))
      .orderBy(asc(probeRuns.startedAt), asc(probeAnswers.promptId), asc(probeAnswers.repeat));
    return toTokens(rows);
  },
  /** Whole answers by prompt, for the second test. */
  async textsOfRun(runId: string): Promise<ReadonlyMap<string, readonly string[]>> {
    const rows = await db
      .select({ promptId: probeAnswers.promptId, answer: probeAnswers.answer })
      .from(probeAnswers)
      .where(eq(probeAnswers.runId, runId))
      .orderBy(asc(probeAnswers.promptId), asc(probeAnswers.repeat));
    const groups = Map.groupBy(rows, ({ promptId }) => promptId);
    return new Map([...groups].map(([promptId, answers]) => [promptId, answers.map(({ answer }) => answer)]));
  },
});
export type AnswerStore = ReturnType<typeof createAnswerStore>;

type CountRow = { readonly promptId: string; readonly answer: string; readonly count: number };

function toCounts(rows: readonly CountRow[]): ReadonlyMap<string, Counts> {
  const groups = Map.groupBy(rows, ({ promptId }) => promptId);
  return new Map(
    [...groups].map(([promptId, answers]) => [
      promptId,
      new Map(answers.map(({ answer, count }) => [answer, Number(count)])),
    ]),
  );
}

type TokenRow = { readonly promptId: string; readonly logprobs: FirstToken | null };

function toTokens(rows: readonly TokenRow[]): ReadonlyMap<string, readonly FirstToken[]> {
  const groups = Map.groupBy(rows, ({ promptId }) => promptId);
  return new Map(
    [...groups].map(([promptId, calls]) => [promptId, calls.flatMap(({ logprobs }) => (logprobs ? [logprobs] : []))]),
  );
}
