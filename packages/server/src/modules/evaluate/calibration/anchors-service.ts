import type { AnchorSet, AnchorSetInput } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { type AnchorRow, createAnchorStore } from "./anchor-store.ts";
import { bindStored } from "./calibrate.ts";
import { createAnchorHistory } from "./calibration-store.ts";
import { CHECK_KIND, createAnchorCheck } from "./check-anchor.ts";
import type { CalibrationDeps } from "./deps.ts";
import { toAnchorSet } from "./present.ts";
import { sendCheck, WATCH_KIND, watchAnchors } from "./watch-anchors.ts";

const EVERY_SECONDS = 30;

/** Answers that people judged, on which a judge is checked whenever it changes. */
export function createAnchorSets(deps: CalibrationDeps) {
  const { db, jobs, scorers, datasets, audit, clock } = deps;
  const store = createAnchorStore(db);
  const { find, describe, describeOne } = createReads(deps);
  jobs.register(CHECK_KIND, createAnchorCheck(deps));
  jobs.register(WATCH_KIND, watchAnchors(deps));

  return {
    async list(scope: Scope, scorer: string | undefined) {
      const scorerId = scorer === undefined ? undefined : (await scorers.get(scope, scorer)).scorerId;
      return { items: await describe(scope, await store.list(scope.projectId, scorerId)) };
    },

    async create(scope: Scope, input: AnchorSetInput): Promise<AnchorSet> {
      checkInput(scope, input);
      const { scorerId, signature } = await bindStored(deps, scope, { scorer: input.scorer });
      await datasets.get(scope, input.datasetId);
      const row = newAnchor(scope, { input, scorerId, now: clock.now() });
      const jobId = await db.transaction(async (tx) => {
        if (!(await createAnchorStore(tx).create(row)))
          throw new AppError("conflict", {
            message: `There is already an anchor set "${input.name}". Choose another name.`,
          });
        const watch = { kind: WATCH_KIND, payload: {}, title: "Check judges for changes", key: "anchor-watch" };
        await jobs.send(tx, scope, { ...watch, everySeconds: EVERY_SECONDS });
        await audit.record(scope, { action: "anchor-set.create", target: row.id, details: { name: input.name } }, tx);
        return sendCheck(deps, scope, { tx, anchor: row, signature });
      });
      return describeOne(scope, { ...row, jobId });
    },

    async update(scope: Scope, anchorId: string, { isEnabled }: { isEnabled: boolean }): Promise<AnchorSet> {
      const row = await store.update(scope.projectId, anchorId, { isEnabled });
      if (!row) throw notFound("anchor set", anchorId);
      return describeOne(scope, row);
    },

    async delete(scope: Scope, anchorId: string): Promise<void> {
      const { name } = await find(scope, anchorId);
      await db.transaction(async (tx) => {
        await createAnchorStore(tx).delete(scope.projectId, anchorId);
        await audit.record(scope, { action: "anchor-set.delete", target: anchorId, details: { name } }, tx);
      });
    },

    async check(scope: Scope, anchorId: string): Promise<{ jobId: string }> {
      mayJudge(scope);
      const anchor = await find(scope, anchorId);
      const { signature } = await bindStored(deps, scope, { scorer: anchor.scorerId });
      return { jobId: await db.transaction((tx) => sendCheck(deps, scope, { tx, anchor, signature })) };
    },
  };
}

function createReads({ db, namesOf }: Pick<CalibrationDeps, "db" | "namesOf">) {
  async function find(scope: Scope, anchorId: string): Promise<AnchorRow> {
    const row = await createAnchorStore(db).find(scope.projectId, anchorId);
    if (!row) throw notFound("anchor set", anchorId);
    return row;
  }
  async function describe(scope: Scope, rows: readonly AnchorRow[]): Promise<AnchorSet[]> {
    const names = await namesOf(scope.projectId, [...new Set(rows.map(({ createdBy }) => createdBy))]);
    const sets: AnchorSet[] = [];
    for (const row of rows) sets.push(toAnchorSet(row, await createAnchorHistory(db).findOfAnchor(row.id, {}), names));
    return sets;
  }
  async function describeOne(scope: Scope, row: AnchorRow): Promise<AnchorSet> {
    const [set] = await describe(scope, [row]);
    if (!set) throw new AppError("internal");
    return set;
  }

  return { find, describe, describeOne };
}

type NewAnchor = { readonly input: AnchorSetInput; readonly scorerId: string; readonly now: number };

function newAnchor({ projectId, actor }: Scope, { input, scorerId, now }: NewAnchor): AnchorRow {
  const { scorer, output, label, ...more } = input;
  return {
    id: newId("anchor", now),
    projectId,
    ...more,
    scorerId,
    outputPath: output,
    labelPath: label,
    checkedSignature: "",
    checkedAt: null,
    jobId: null,
    lastError: "",
    createdBy: actor,
    createdAt: new Date(now),
  };
}

/** Throws `forbidden` for missing permissions, and `invalid_request` for an answer that is its own label. */
function checkInput(scope: Scope, { output, label }: AnchorSetInput): void {
  mayJudge(scope);
  if (!scope.permissions.has("datasets:read"))
    throw new AppError("forbidden", {
      message: "Reading the labeled answers needs the permission datasets:read.",
    });
  if (output === label)
    throw new AppError("invalid_request", {
      message: "`label`: the label must be different from the answer. Name another field than `output`.",
      details: { param: "label" },
    });
}

function mayJudge({ permissions }: Scope): void {
  if (!permissions.has("gateway:use"))
    throw new AppError("forbidden", { message: "A judge calls models, which needs the permission gateway:use." });
}
