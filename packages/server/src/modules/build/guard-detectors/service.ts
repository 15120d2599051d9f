import type { GuardDetector, GuardFigure, GuardLabel, guardDetectorsApi, ParsedOf } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import { DAY_MS } from "../../../kernel/day.ts";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import { cutPage, fromTimeCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Columnar } from "../../../platform/columnar/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Audit } from "../../system/audit/index.ts";
import { shareOf } from "../guard-previews/index.ts";
import type { Guards } from "../guards/index.ts";
import { countFiring } from "./count-firing.ts";
import { describeDetector } from "./descriptions.ts";
import { type CheckedCalls, createFiringStore } from "./firing-store.ts";
import { createLabelStore, type LabeledPlace } from "./label-store.ts";

export type GuardDetectorsDeps = {
  readonly db: Postgres;
  readonly columnar: Pick<Columnar, "select">;
  readonly guards: Pick<Guards, "getVersion" | "registry">;
  /** The results of a detector on built-in sets. */
  readonly figuresOf: (detector: string) => readonly GuardFigure[];
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
};
type Endpoints = typeof guardDetectorsApi;
type LabelInput = ParsedOf<Endpoints["PUT /api/v1/guard-labels"]>["body"];
type LabelQuery = ParsedOf<Endpoints["GET /api/v1/guard-labels"]>["query"];
type Page = ParsedOf<Endpoints["GET /api/v1/guard-detectors"]>["query"];

const FIRING_DAYS = 7;

/** The detectors with their numbers, and what people say about findings. */
export function createGuardDetectors(deps: GuardDetectorsDeps) {
  const { db, guards, figuresOf } = deps;
  const labels = createLabelStore(db);
  const firingOf = createFiringReader(deps);
  return {
    async list(scope: Scope, page: Page) {
      const counts = new Map((await labels.count(scope.projectId)).map((count) => [count.detector, count]));
      const countOf = await firingOf(scope);
      const detectors = detectorsOf(guards, scope).map(({ name, version, isDeterministic }): GuardDetector => {
        const { right, wrong, disputed } = counts.get(name) ?? { right: 0, wrong: 0, disputed: 0 };
        const numbers = { precision: shareOf(right, right + wrong), disputed, ...countOf(name) };
        const about = { description: describeDetector(name), figures: [...figuresOf(name)] };
        return { name, version, isDeterministic, ...about, ...numbers };
      });
      return cutPage(detectors, page, ({ name }) => [name, name]);
    },
    ...createLabels(deps),
  };
}
export type GuardDetectors = ReturnType<typeof createGuardDetectors>;

function createLabels(deps: GuardDetectorsDeps) {
  const { db, columnar, guards, audit } = deps;
  const store = createLabelStore(db);
  const spans = createFiringStore(columnar);
  const changes = createLabelChanges(deps);
  return {
    ...changes,
    /** Throws `not_found` if the project does not have the span. */
    async setLabel(scope: Scope, input: LabelInput): Promise<GuardLabel> {
      const { detector, traceId, spanId } = input;
      checkDetector(detectorsOf(guards, scope), detector);
      if (!(await spans.hasSpan(scope.projectId, { traceId, spanId }))) throw notFound("span", `${traceId}/${spanId}`);
      return changes.addLabel(db, scope, input);
    },

    async listLabels(scope: Scope, { limit, cursor, ...only }: LabelQuery) {
      const before = cursor === undefined ? null : fromTimeCursor(cursor);
      const rows = await store.list(scope.projectId, { limit: limit + 1, before, ...only });
      return toPage(rows, limit, ({ updatedAt, guardLabelId }) => [updatedAt, guardLabelId]);
    },

    async deleteLabel(scope: Scope, guardLabelId: string): Promise<void> {
      const deleted = await store.delete(scope.projectId, guardLabelId);
      if (!deleted) throw notFound("label of a finding", guardLabelId);
      const { detector, kind, actor } = deleted;
      const details = { detector, kind, actor };
      await audit.record(scope, { action: "guard-label.delete", target: guardLabelId, details });
    },
  };
}

/** Changes of the caller's labels, in a transaction of the caller. The finding is known to exist. */
const createLabelChanges = ({ clock }: Pick<GuardDetectorsDeps, "clock">) => ({
  addLabel(tx: Postgres, { projectId, actor }: Scope, input: LabelInput): Promise<GuardLabel> {
    const now = new Date(clock.now());
    const id = newId("glab", clock.now());
    return createLabelStore(tx).put({ id, projectId, ...input, actor, createdAt: now, updatedAt: now });
  },
  withdrawLabel: (tx: Postgres, { projectId, actor }: Scope, place: Omit<LabeledPlace, "actor">): Promise<void> =>
    createLabelStore(tx).deleteOf(projectId, { ...place, actor }),
});

type Named = Pick<GuardDetector, "name" | "version" | "isDeterministic">;

/** All detectors of this server. What a service, a model or a language detector answers is never certain. */
function detectorsOf({ registry: { detectors, calls, late } }: Pick<Guards, "registry">, scope: Scope): Named[] {
  return [
    ...[...detectors.values()].map(({ name, version, isDeterministic }) => ({ name, version, isDeterministic })),
    ...[...(calls?.values() ?? [])].map(({ name, version }) => ({ name, version, isDeterministic: true })),
    ...[...(late?.of(scope.projectId).values() ?? [])].map(({ name, version }) => ({
      name,
      version,
      isDeterministic: false,
    })),
  ];
}

function checkDetector(detectors: readonly Named[], detector: string): void {
  if (detectors.some(({ name }) => name === detector)) return;
  const names = detectors.map(({ name }) => name).join(", ");
  throw new AppError("unprocessable", {
    message: `There is no detector "${detector}". Available detectors: ${names}.`,
    details: { param: "detector" },
  });
}

/** Reads the last days of a project once for all detectors. */
function createFiringReader({ columnar, guards, clock }: GuardDetectorsDeps) {
  const store = createFiringStore(columnar);
  return async (scope: Scope) => {
    const fromMs = clock.now() - FIRING_DAYS * DAY_MS;
    const checked = await store.countChecked(scope.projectId, fromMs);
    const fired = await store.countFired(scope.projectId, fromMs);
    const detectors = await detectorsOfVersions(guards, scope, checked);
    return (detector: string) =>
      countFiring(detector, { checked, fired }, (policyId, version) => detectors.get(`${policyId} ${version}`));
  };
}

/** The detectors of each version that checked a call. A policy that was deleted has none. */
async function detectorsOfVersions(
  guards: Pick<Guards, "getVersion">,
  scope: Scope,
  checked: readonly CheckedCalls[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const found = new Map<string, ReadonlySet<string>>();
  const seen = new Set<string>();
  for (const { policyId, version } of checked) {
    const key = `${policyId} ${version}`;
    if (seen.has(key)) continue;
    seen.add(key);
    try {
      const { rules } = await guards.getVersion(scope, policyId, version);
      found.set(key, new Set(rules.map(({ detector }) => detector)));
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "not_found") throw error;
    }
  }
  return found;
}
