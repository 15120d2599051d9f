import type { FeedbackSettings, ScoreConfig, ScoreConfigInput, ScoreConfigPatch } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import { fromCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { toScoreConfig } from "./present.ts";
import type { createScoreRules } from "./slots/score-rules.ts";
import type { FeedbackDeps } from "./stores/deps.ts";
import { createScoreConfigStore, type ScoreConfigRow } from "./stores/score-config-store.ts";

type Deps = Pick<FeedbackDeps, "db" | "audit" | "clock" | "namesOf"> & {
  readonly rules: ReturnType<typeof createScoreRules>;
};
type Page = { limit: number; cursor?: string | undefined; search?: string | undefined; archived: boolean };

const MOST = 500;

/** The allowed values of a project's scores, and whether other names are accepted. */
export function createScoreConfigs({ db, audit, clock, namesOf, rules }: Deps) {
  const store = createScoreConfigStore(db);

  async function describe(scope: Scope, rows: readonly ScoreConfigRow[]): Promise<ScoreConfig[]> {
    const names = await namesOf(scope.projectId, [...new Set(rows.map(({ createdBy }) => createdBy))]);
    return rows.map((row) => toScoreConfig(row, names));
  }
  async function describeOne(scope: Scope, row: ScoreConfigRow | undefined, id: string): Promise<ScoreConfig> {
    const [config] = row ? await describe(scope, [row]) : [];
    if (!config) throw notFound("score configuration", id);
    return config;
  }

  return {
    async list(scope: Scope, { limit, cursor, ...filter }: Page) {
      const after = cursor === undefined ? null : String(fromCursor(cursor, 1)[0]);
      const rows = await store.list(scope.projectId, filter, { limit: limit + 1, after });
      const { items, nextCursor } = toPage(rows, limit, ({ name }) => [name]);
      return { items: await describe(scope, items), nextCursor };
    },

    async get(scope: Scope, id: string): Promise<ScoreConfig> {
      return describeOne(scope, await store.find(scope.projectId, id), id);
    },

    async create(scope: Scope, input: ScoreConfigInput): Promise<ScoreConfig> {
      checkShape(input);
      if ((await store.count(scope.projectId)) >= MOST)
        throw new AppError("unprocessable", { message: `A project has at most ${MOST} score configurations.` });
      const now = clock.now();
      const at = new Date(now);
      const row: ScoreConfigRow = {
        id: newId("scc", now),
        projectId: scope.projectId,
        ...input,
        isArchived: false,
        createdBy: scope.actor,
        createdAt: at,
        updatedAt: at,
      };
      await db.transaction(async (tx) => {
        if (!(await createScoreConfigStore(tx).create(row))) throw nameTaken(input.name);
        const details = { name: input.name, type: input.type };
        await audit.record(scope, { action: "score-config.create", target: row.id, details }, tx);
      });
      rules.forget(scope.projectId);
      return describeOne(scope, row, row.id);
    },

    async update(scope: Scope, id: string, patch: ScoreConfigPatch): Promise<ScoreConfig> {
      const before = await store.find(scope.projectId, id);
      if (!before) throw notFound("score configuration", id);
      checkShape({ ...before, ...patch });
      const changes = { ...patch, updatedAt: new Date(clock.now()) };
      const row = await db.transaction(async (tx) => {
        await audit.record(scope, { action: "score-config.update", target: id, details: { ...patch } }, tx);
        return createScoreConfigStore(tx).update(scope.projectId, id, changes);
      });
      rules.forget(scope.projectId);
      return describeOne(scope, row, id);
    },

    async delete(scope: Scope, id: string): Promise<void> {
      await db.transaction(async (tx) => {
        const known = await createScoreConfigStore(tx).find(scope.projectId, id);
        if (!known) throw notFound("score configuration", id);
        await createScoreConfigStore(tx).delete(scope.projectId, id);
        await audit.record(scope, { action: "score-config.delete", target: id, details: { name: known.name } }, tx);
      });
      rules.forget(scope.projectId);
    },

    ...createSettings({ db, audit, rules }),
  };
}

/** Whether a project accepts scores without a configuration, and the consent it assumes. */
function createSettings({ db, audit, rules }: Pick<Deps, "db" | "audit" | "rules">) {
  return {
    async getSettings({ projectId }: Scope): Promise<FeedbackSettings> {
      const { isStrict, defaultConsent } = await rules.get(projectId);
      return { isStrict, defaultConsent };
    },

    async updateSettings(scope: Scope, settings: FeedbackSettings): Promise<FeedbackSettings> {
      await db.transaction(async (tx) => {
        await createScoreConfigStore(tx).saveSettings(scope.projectId, settings);
        const event = { action: "feedback-settings.update", target: scope.projectId, details: settings };
        await audit.record(scope, event, tx);
      });
      rules.forget(scope.projectId);
      return settings;
    },
  };
}

const nameTaken = (name: string) =>
  new AppError("conflict", { message: `There is already a score "${name}". Choose another name.`, details: { name } });

const wrong = (param: string, why: string) =>
  new AppError("invalid_request", { message: `\`${param}\` ${why}.`, details: { param } });

/** Whether the parts of a configuration fit its type and each other. */
function checkShape({ type, min, max, categories }: Pick<ScoreConfigInput, "type" | "min" | "max" | "categories">) {
  if (type !== "number" && (min !== null || max !== null))
    throw wrong(min !== null ? "min" : "max", `applies to numeric scores only; this score is a ${type}`);
  if (min !== null && max !== null && min >= max) throw wrong("max", `must be larger than \`min\`, which is ${min}`);
  if (type !== "category" && categories.length > 0)
    throw wrong("categories", `applies to category scores only; this score is a ${type}`);
  if (type === "category" && categories.length < 2) throw wrong("categories", "must have at least two labels");
  const labels = categories.map(({ label }) => label);
  const twice = labels.find((label, place) => labels.indexOf(label) !== place);
  if (twice !== undefined) throw wrong("categories", `contains "${twice}" twice`);
}
