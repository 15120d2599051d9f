import type { ModelStage, StageRequest, StageRequestState } from "@treadle/contract";
import { AppError, notFound } from "../../kernel/errors.ts";
import { newId } from "../../kernel/ids.ts";
import { fromTimeCursor, toPage } from "../../kernel/pages.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { StoreDeps } from "./deps.ts";
import { findModel, findVersion, requireFiles } from "./find-place.ts";
import { createSettingsStore } from "./model-store.ts";
import { createPresenter } from "./present.ts";
import { createStageStore, type StageRow } from "./stage-store.ts";
import { createVersionWriter } from "./version-store.ts";

const NEEDS_SECOND: ReadonlySet<ModelStage> = new Set(["staging", "production"]);

type Wish = { readonly stage: ModelStage; readonly note: string };
type Query = {
  readonly state?: StageRequestState | undefined;
  readonly name?: string | undefined;
  readonly version?: number | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
};

/** How far a version is let. Where the project asks for it, a second person agrees before it is staging or production. */
export function createStagesService({ db, audit, clock, namesOf }: StoreDeps) {
  const presenter = createPresenter({ db, namesOf });
  return {
    /** Sets the stage, or keeps the wish until somebody else has decided. */
    set: (scope: Scope, place: { name: string; version: string }, { stage, note }: Wish): Promise<void> =>
      db.transaction(async (tx) => {
        const model = await findModel(tx, scope, place.name);
        const row = await findVersion(tx, model, place.version);
        if (NEEDS_SECOND.has(stage)) requireFiles(model.name, row);
        const needsSecond = NEEDS_SECOND.has(stage) && (await createSettingsStore(tx).needsApproval(scope.projectId));
        const target = `${model.name}@v${row.number}`;
        const now = clock.now();
        const at = new Date(now);
        const wish = {
          ...{ id: newId("stage", now), projectId: scope.projectId, versionId: row.id, name: model.name },
          ...{ number: row.number, stage, note, proposedBy: scope.actor, proposedAt: at },
          ...{ decidedBy: null, decisionNote: "" },
        };
        if (!needsSecond) {
          if (row.stage === stage) return;
          await createVersionWriter(tx).update(scope.projectId, row.id, { stage });
          // Kept as a request that nobody had to decide, so that the history is whole.
          await createStageStore(tx).create({ ...wish, state: "approved", decidedAt: at });
          await audit.record(scope, { action: "model-stage.set", target, details: { stage, from: row.stage } }, tx);
          return;
        }
        const created = await createStageStore(tx).create({ ...wish, state: "pending", decidedAt: null });
        if (!created)
          throw new AppError("conflict", {
            message: `Version ${row.number} waits for a decision already. Withdraw that request first.`,
          });
        await audit.record(scope, { action: "model-stage.propose", target, details: { stage, note } }, tx);
      }),

    async decide(
      scope: Scope,
      requestId: string,
      { decision, note }: { decision: Exclude<StageRequestState, "pending">; note: string },
    ): Promise<StageRequest> {
      const row = await db.transaction(async (tx) => {
        const store = createStageStore(tx);
        const row = await store.findHeld(scope.projectId, requestId);
        if (!row) throw notFound("stage request", requestId);
        checkDecision(scope, row, decision);
        const decided = {
          state: decision,
          decidedBy: scope.actor,
          decidedAt: new Date(clock.now()),
          decisionNote: note,
        };
        await store.decide(scope.projectId, requestId, decided);
        if (decision === "approved")
          await createVersionWriter(tx).update(scope.projectId, row.versionId, { stage: row.stage });
        const details = { stage: row.stage, proposedBy: row.proposedBy, note };
        const target = `${row.name}@v${row.number}`;
        await audit.record(scope, { action: `model-stage.${decision}`, target, details }, tx);
        return { ...row, ...decided };
      });
      const [shown] = await presenter.stageRequests(scope, [row]);
      if (!shown) throw notFound("stage request", requestId);
      return shown;
    },

    async list(scope: Scope, { cursor, limit, ...filter }: Query) {
      const after = cursor === undefined ? null : fromTimeCursor(cursor);
      const rows = await createStageStore(db).list(scope.projectId, { ...filter, after, limit: limit + 1 });
      const page = toPage(rows, limit, ({ proposedAt, id }) => [proposedAt.toISOString(), id]);
      return { items: await presenter.stageRequests(scope, page.items), nextCursor: page.nextCursor };
    },
  };
}

/** Throws `conflict` for what was decided before, and `forbidden` for who may not decide so. */
function checkDecision(
  { actor }: Scope,
  row: Pick<StageRow, "state" | "proposedBy">,
  decision: Exclude<StageRequestState, "pending">,
): void {
  if (row.state !== "pending")
    throw new AppError("conflict", { message: `This request was ${row.state} already. Ask for the stage anew.` });
  if (decision === "approved" && row.proposedBy === actor)
    throw new AppError("forbidden", {
      message: "Whoever asks for a stage cannot approve it. Ask another person of the project.",
    });
  if (decision === "withdrawn" && row.proposedBy !== actor)
    throw new AppError("forbidden", { message: "Only who asked can withdraw it. Reject it instead." });
}
