import { and, asc, eq, gte, inArray, isNotNull, ne, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Counts, FirstToken } from "./probe-values.ts";
import { probeAnswers, probeRuns } from "./schema.ts";

export type AnswerRow = typeof probeAnswers.$inferSelect;
/** The answers of one hour under one reference. */
type Slot = { readonly probeId: string; readonly epoch: number; readonly slot: number };
type DailyKind = "reference" | "daily" | "confirmation";

/** So many characters of an answer decide whether two answers are the same. */
const COMPARED = 120;
const compared = sql<string>`left(${probeAnswers.answer}, ${sql.raw(String(COMPARED))})`;
const counted = { promptId: probeAnswers.promptId, answer: compared, count: sql<number>`count(*)::int` };
const costSum = sql<number>`coalesce(sum(${probeAnswers.costUsd}), 0)::float8`;

const ofRun = (runId: string) => eq(probeAnswers.runId, runId);
const inReference = ({ probeId, epoch, slot }: Slot) =>
  and(
    eq(probeRuns.probeId, probeId),
    eq(probeRuns.epoch, epoch),
    eq(probeRuns.slot, slot),
    eq(probeRuns.isReference, true),
    ne(probeRuns.state, "running"),
  );

export const createAnswerStore = (db: Postgres) => ({
  ...createAnswers(db),
  ...createCosts(db),
  ...createCountReads(db),
  ...createTokenReads(db),
});

const createAnswers = (db: Postgres) => ({
  async add(rows: readonly AnswerRow[]): Promise<void> {
    if (rows.length > 0)
      await db
        .insert(probeAnswers)
        .values([...rows])
        .onConflictDoNothing();
  },
  /** The calls of a run that are answered, as `prompt repeat`. */
  async listDone(runId: string): Promise<ReadonlySet<string>> {
    const rows = await db
      .select({ promptId: probeAnswers.promptId, repeat: probeAnswers.repeat })
      .from(probeAnswers)
      .where(ofRun(runId));
    return new Set(rows.map(({ promptId, repeat }) => `${promptId} ${repeat}`));
  },
  count: (runId: string): Promise<number> => db.$count(probeAnswers, ofRun(runId)),
});

const createCosts = (db: Postgres) => ({
  async costOf(runId: string): Promise<{ sum: number; most: number }> {
    const most = sql<number>`coalesce(max(${probeAnswers.costUsd}), 0)::float8`;
    const [row] = await db.select({ sum: costSum, most }).from(probeAnswers).where(ofRun(runId));
    return { sum: Number(row?.sum ?? 0), most: Number(row?.most ?? 0) };
  },
  /** The cost of a probe's answers to some kinds of runs since a time. */
  async costSince(probeId: string, kinds: readonly DailyKind[], since: Date): Promise<number> {
    const [row] = await db
      .select({ sum: costSum })
      .from(probeAnswers)
      .innerJoin(probeRuns, eq(probeRuns.id, probeAnswers.runId))
      .where(
        and(eq(probeRuns.probeId, probeId), inArray(probeRuns.kind, [...kinds]), gte(probeAnswers.answeredAt, since)),
      );
    return Number(row?.sum ?? 0);
  },
});

const createCountReads = (db: Postgres) => ({
  async countsOfRun(runId: string): Promise<ReadonlyMap<string, Counts>> {
    const rows = await db
      .select(counted)
      .from(probeAnswers)
      .where(ofRun(runId))
      .groupBy(probeAnswers.promptId, compared);
    return toCounts(rows);
  },
  async countsOfReference(slot: Slot): Promise<ReadonlyMap<string, Counts>> {
    const rows = await db
      .select(counted)
      .from(probeAnswers)
      .innerJoin(probeRuns, eq(probeRuns.id, probeAnswers.runId))
      .where(inReference(slot))
      .groupBy(probeAnswers.promptId, compared);
    return toCounts(rows);
  },
});

const tokens = { promptId: probeAnswers.promptId, value: probeAnswers.logprobs };
const inOrder = [asc(probeAnswers.promptId), asc(probeAnswers.repeat)];

const createTokenReads = (db: Postgres) => ({
  async logprobsOfRun(runId: string): Promise<ReadonlyMap<string, readonly FirstToken[]>> {
    const rows = await db
      .select(tokens)
      .from(probeAnswers)
      .where(and(ofRun(runId), isNotNull(probeAnswers.logprobs)))
      .orderBy(...inOrder);
    return byPrompt(rows);
  },
  async logprobsOfReference(slot: Slot): Promise<ReadonlyMap<string, readonly FirstToken[]>> {
    const rows = await db
      .select(tokens)
      .from(probeAnswers)
      .innerJoin(probeRuns, eq(probeRuns.id, probeAnswers.runId))
      .where(and(inReference(slot), isNotNull(probeAnswers.logprobs)))
      .orderBy(asc(probeRuns.startedAt), ...inOrder);
    return byPrompt(rows);
  },
  /** Whole answers by prompt, for the second test. */
  async textsOfRun(runId: string): Promise<ReadonlyMap<string, readonly string[]>> {
    const texts = { promptId: probeAnswers.promptId, value: probeAnswers.answer };
    const rows = await db
      .select(texts)
      .from(probeAnswers)
      .where(ofRun(runId))
      .orderBy(...inOrder);
    return byPrompt(rows);
  },
});

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

type ValueRow<Value> = { readonly promptId: string; readonly value: Value | null };

function byPrompt<Value>(rows: readonly ValueRow<Value>[]): ReadonlyMap<string, readonly Value[]> {
  const groups = Map.groupBy(rows, ({ promptId }) => promptId);
  const valuesOf = (group: readonly ValueRow<Value>[]) => group.flatMap(({ value }) => (value === null ? [] : [value]));
  return new Map([...groups].map(([promptId, group]) => [promptId, valuesOf(group)]));
}
