import type { ModelStage, StageRequest, StageRequestState } from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import { fromTimeCursor, toPage } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { findModel, findVersion, requireFiles } from "../refs/find-version.ts";
import type { RegistryDeps, StoreDeps } from "../stores/deps.ts";
import { createSettingsStore, type ModelRow } from "../stores/model-store.ts";
import { createStageStore, type StageRow } from "../stores/stage-store.ts";
import { createVersionWriter, type VersionRow } from "../stores/version-store.ts";
import { createPresenter } from "./present.ts";

type Deps = StoreDeps & Pick<RegistryDeps, "peopleOf">;
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
export function createStagesService({ db, audit, clock, namesOf, peopleOf }: Deps) {
  const presenter = createPresenter({ db, namesOf });

  /** An API key acts for the person who created it. */
  async function isSamePerson({ projectId, actor }: Scope, other: string): Promise<boolean> {
    const people = await peopleOf(projectId, [actor, other]);
    return (people.get(actor) ?? actor) === (people.get(other) ?? other);
  }

  return {
    /** Sets the stage, or stores the request until another person has decided. */
    set: (scope: Scope, place: { name: string; version: string }, { stage, note }: Wish): Promise<void> =>
      db.transaction(async (tx) => {
        const model = await findModel(tx, scope, place.name);
        const row = await findVersion(tx, model, place.version);
        if (NEEDS_SECOND.has(stage)) requireFiles(model.name, row);
        const needsSecond = NEEDS_SECOND.has(stage) && (await createSettingsStore(tx).needsApproval(scope.projectId));
        const target = `${model.name}@v${row.number}`;
        const wish = newWish(scope, { model, row, stage, note, now: clock.now() });
        if (!needsSecond) {
          if (row.stage === stage) return;
          await createVersionWriter(tx).update(scope.projectId, row.id, { stage });
          // Stored as a request without a decision, so that the history is complete.
          await createStageStore(tx).create({ ...wish, state: "approved", decidedAt: wish.proposedAt });
          await audit.record(scope, { action: "model-stage.set", target, details: { stage, from: row.stage } }, tx);
          return;
        }
        const created = await createStageStore(tx).create({ ...wish, state: "pending", decidedAt: null });
        if (!created)
          throw new AppError("conflict", {
            message: `A request for version ${row.number} is already waiting for a decision. Withdraw that request first.`,
          });
        await audit.record(scope, { action: "model-stage.propose", target, details: { stage, note } }, tx);
      }),

    async decide(
      scope: Scope,
      requestId: string,
      { decision, note }: { decision: Exclude<StageRequestState, "pending">; note: string },
    ): Promise<StageRequest> {
      const proposed = await createStageStore(db).findHeld(scope.projectId, requestId);
      if (!proposed) throw notFound("stage request", requestId);
      // Before the transaction, because the embedded database has one connection.
      const isOwn = await isSamePerson(scope, proposed.proposedBy);
      const row = await db.transaction(async (tx) => {
        const store = createStageStore(tx);
        const row = await store.findHeld(scope.projectId, requestId);
        if (!row) throw notFound("stage request", requestId);
        checkDecision(row, decision, isOwn);
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

type NewWish = Wish & {
  readonly model: Pick<ModelRow, "name">;
  readonly row: Pick<VersionRow, "id" | "number">;
  readonly now: number;
};

const newWish = ({ projectId, actor }: Scope, { model, row, stage, note, now }: NewWish) => ({
  id: newId("stage", now),
  projectId,
  versionId: row.id,
  name: model.name,
  number: row.number,
  stage,
  note,
  proposedBy: actor,
  proposedAt: new Date(now),
  decidedBy: null,
  decisionNote: "",
});

/** Throws `conflict` for what was decided before, and `forbidden` for who may not decide so. */
function checkDecision(
  { state }: Pick<StageRow, "state">,
  decision: Exclude<StageRequestState, "pending">,
  isOwn: boolean,
): void {
  if (state !== "pending")
    throw new AppError("conflict", { message: `This request was already ${state}. Request the stage again.` });
  if (decision === "approved" && isOwn)
    throw new AppError("forbidden", {
      message: "You cannot approve your own request. Ask another member of the project.",
    });
  if (decision === "withdrawn" && !isOwn)
    throw new AppError("forbidden", {
      message: "Only the person who made the request can withdraw it. Reject it instead.",
    });
}
