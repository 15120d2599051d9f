import type { Probe, ProbeState } from "@treadle/contract";
import { PROBE_PROMPT_KINDS, PROBE_THRESHOLD } from "@treadle/contract";
import { and, asc, eq, sql } from "drizzle-orm";
import { fromCursor, toPage } from "../../../../kernel/pages.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { probes } from "./schema.ts";

export type ProbeRow = typeof probes.$inferSelect;
export type ProbeChanges = Partial<Omit<ProbeRow, "id" | "projectId" | "createdAt">>;
type Before = Pick<ProbeRow, "projectId" | "id" | "epoch" | "state">;
type Listing = {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly state?: ProbeState | undefined;
};

/** Confirmed changes are listed first, then suspicions. */
const RANKS: Readonly<Record<ProbeState, number>> = {
  changed: 0,
  suspected: 1,
  unsuited: 2,
  "setting-up": 3,
  watching: 4,
};
export const rankOf = (state: ProbeState): number => RANKS[state];

const isOwn = (projectId: string, probeId: string) => and(eq(probes.projectId, projectId), eq(probes.id, probeId));

export const createProbeStore = (db: Postgres) => ({ ...createProbeReads(db), ...createProbeWrites(db) });

const createProbeReads = (db: Postgres) => ({
  async list(projectId: string, { limit, cursor, state }: Listing) {
    const [rank = 0, id = ""] = cursor === undefined ? [] : fromCursor(cursor, 2);
    const after = cursor === undefined ? undefined : sql`(${probes.rank}, ${probes.id}) > (${Number(rank)}, ${id})`;
    const isListed = state === undefined ? undefined : eq(probes.state, state);
    const rows = await db
      .select()
      .from(probes)
      .where(and(eq(probes.projectId, projectId), isListed, after))
      .orderBy(asc(probes.rank), asc(probes.id))
      .limit(limit + 1);
    return toPage(rows, limit, (row) => [row.rank, row.id]);
  },
  async find(projectId: string, probeId: string): Promise<ProbeRow | undefined> {
    const [row] = await db.select().from(probes).where(isOwn(projectId, probeId));
    return row;
  },
  async count(projectId: string): Promise<number> {
    return db.$count(probes, eq(probes.projectId, projectId));
  },
});

const ranked = (changes: ProbeChanges): ProbeChanges =>
  changes.state ? { ...changes, rank: rankOf(changes.state) } : changes;

const createProbeWrites = (db: Postgres) => ({
  async create(row: ProbeRow): Promise<void> {
    await db.insert(probes).values(row);
  },
  async update(projectId: string, probeId: string, changes: ProbeChanges): Promise<ProbeRow | undefined> {
    const [row] = await db.update(probes).set(ranked(changes)).where(isOwn(projectId, probeId)).returning();
    return row;
  },
  /** Nothing if a person has changed the state or the reference since the probe was read. */
  async note({ projectId, id, epoch, state }: Before, changes: ProbeChanges): Promise<ProbeRow | undefined> {
    const [row] = await db
      .update(probes)
      .set(ranked(changes))
      .where(and(isOwn(projectId, id), eq(probes.epoch, epoch), eq(probes.state, state)))
      .returning();
    return row;
  },
  async delete(projectId: string, probeId: string): Promise<ProbeRow | undefined> {
    const [row] = await db.delete(probes).where(isOwn(projectId, probeId)).returning();
    return row;
  },
});

type Shown = Pick<Probe, "progress" | "evidence" | "hours" | "references" | "usdPerDay">;

const isoOf = (time: Date | null) => time?.toISOString() ?? null;

export const toProbe = (row: ProbeRow, shown: Shown): Probe => ({
  probeId: row.id,
  name: row.name,
  ...pinnedFree(row.settings),
  isEnabled: row.isEnabled,
  state: row.state,
  stage: row.stage,
  threshold: PROBE_THRESHOLD,
  prompts: Object.fromEntries(
    PROBE_PROMPT_KINDS.map((kind) => [kind, row.prompts.filter((prompt) => prompt.kind === kind).length]),
  ) as Probe["prompts"],
  ...shown,
  lastRunAt: isoOf(row.lastRunAt),
  nextRunAt: isoOf(row.nextRunAt),
  daysWithoutAnswers: row.daysWithout,
  notices: [...row.notices],
  lastError: row.lastError,
  setUpUsd: row.setUpUsd,
  estimatedUsdPerDay: row.estimatedUsd,
  suspicion: row.suspicion,
  incidentId: row.incidentId,
  referenceSince: row.referenceSince.toISOString(),
  jobId: row.jobId,
  createdBy: row.createdBy,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

/** The settings without the user's prompts, which only the list of prompts shows. */
const pinnedFree = ({ pinnedPrompts: _, ...settings }: ProbeRow["settings"]) => settings;
