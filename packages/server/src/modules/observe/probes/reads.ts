import type { Probe, ProbePrompt, ProbeRun, ProbeState } from "@treadle/contract";
import { notFound } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { hoursOf } from "./run/schedule.ts";
import { evidenceOf } from "./statistics/evidence.ts";
import { createAnswerStore } from "./stores/answer-store.ts";
import type { ProbeDeps } from "./stores/deps.ts";
import { createProbeStore, type ProbeRow, toProbe } from "./stores/probe-store.ts";
import type { Counts, FirstToken, KeptPrompt } from "./stores/probe-values.ts";
import { createRunStore, toRun } from "./stores/run-store.ts";

type Page = { readonly limit: number; readonly cursor?: string | undefined };
type PageOf<Item> = { items: Item[]; nextCursor: string | null };

const RUN_KINDS = ["selection", "samples", "reference", "daily", "confirmation"] as const;
const MOST_ANSWERS = 10;

/** What is shown of probes. */
export function createProbeReads({ db }: Db) {
  const find = async ({ projectId }: Scope, probeId: string): Promise<ProbeRow> => {
    const row = await createProbeStore(db).find(projectId, probeId);
    if (!row) throw notFound("probe", probeId);
    return row;
  };
  return {
    find,
    get: async (scope: Scope, probeId: string): Promise<Probe> => present({ db }, await find(scope, probeId)),
    async list({ projectId }: Scope, query: Page & { state?: ProbeState | undefined }): Promise<PageOf<Probe>> {
      const { items, nextCursor } = await createProbeStore(db).list(projectId, query);
      const shown: Probe[] = [];
      for (const row of items) shown.push(await present({ db }, row));
      return { items: shown, nextCursor };
    },
    async listRuns(scope: Scope, probeId: string, page: Page): Promise<PageOf<ProbeRun>> {
      const { items, nextCursor } = await createRunStore(db).list(await find(scope, probeId), page);
      return { items: items.map(toRun), nextCursor };
    },
    listPrompts: async (scope: Scope, probeId: string): Promise<ProbePrompt[]> =>
      listPrompts({ db }, await find(scope, probeId)),
  };
}
export type ProbeReads = ReturnType<typeof createProbeReads>;
type Db = Pick<ProbeDeps, "db">;

async function present({ db }: Db, row: ProbeRow): Promise<Probe> {
  const runs = createRunStore(db);
  const running = await runs.running(row, RUN_KINDS);
  return toProbe(row, {
    progress: running ? { done: await createAnswerStore(db).count(running.id), total: running.calls } : null,
    evidence: evidenceOf(row.detectors),
    hours: [...hoursOf(row.id)],
    references: (await runs.listReferences(row)).length,
    usdPerDay: await runs.dailyCost(row),
  });
}

/** The prompts with the largest factor first, then in their order. */
async function listPrompts(deps: Db, row: ProbeRow): Promise<ProbePrompt[]> {
  const sides = await readSides(deps, row);
  const prompts = row.prompts.map((prompt) => toPrompt(prompt, sides));
  return prompts.toSorted((one, other) => (other.factor ?? 0) - (one.factor ?? 0));
}

type Sides = {
  readonly before: ReadonlyMap<string, Counts>;
  readonly now: ReadonlyMap<string, Counts>;
  readonly tokensBefore: ReadonlyMap<string, readonly FirstToken[]>;
  readonly tokensNow: ReadonlyMap<string, readonly FirstToken[]>;
  readonly factors: Readonly<Record<string, number>>;
};

/** The answers of the last daily run, and of the reference of its hour. Before it, the last reference. */
async function readSides({ db }: Pick<ProbeDeps, "db">, row: ProbeRow): Promise<Sides> {
  const answers = createAnswerStore(db);
  const runs = createRunStore(db);
  const daily = await runs.newest(row, ["daily"]);
  const last = daily ?? (await runs.newest(row, ["reference"]));
  const none = new Map<string, never>();
  if (!last) return { before: none, now: none, tokensBefore: none, tokensNow: none, factors: {} };
  const slot = { probeId: row.id, epoch: row.epoch, slot: last.slot };
  return {
    before: await answers.countsOfReference(slot),
    now: daily ? await answers.countsOfRun(daily.id) : none,
    tokensBefore: await answers.logprobsOfReference(slot),
    tokensNow: daily ? await answers.logprobsOfRun(daily.id) : none,
    factors: daily?.factors ?? {},
  };
}

const toPrompt = (prompt: KeptPrompt, sides: Sides): ProbePrompt => ({
  ...prompt,
  before: toAnswers(sides.before.get(prompt.promptId)),
  now: toAnswers(sides.now.get(prompt.promptId)),
  factor: sides.factors[prompt.promptId] ?? null,
  logprobs: toMeans(sides.tokensBefore.get(prompt.promptId) ?? [], sides.tokensNow.get(prompt.promptId) ?? []),
});

const toAnswers = (counts: Counts | undefined) =>
  [...(counts ?? [])]
    .map(([answer, count]) => ({ answer, count }))
    .sort((one, other) => other.count - one.count)
    .slice(0, MOST_ANSWERS);

function toMeans(before: readonly FirstToken[], now: readonly FirstToken[]) {
  const tokens = [...new Set([...before, ...now].flatMap((call) => Object.keys(call)))];
  return tokens
    .map((token) => ({ token, before: meanOf(before, token), now: meanOf(now, token) }))
    .sort((one, other) => (other.before ?? -99) - (one.before ?? -99))
    .slice(0, MOST_ANSWERS);
}

function meanOf(calls: readonly FirstToken[], token: string): number | null {
  const values = calls.flatMap((call) => call[token] ?? []);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
