import { MAIN_BRANCH } from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { EMPTY_MANIFEST, type Manifest, type Manifests } from "../chunks/manifest.ts";
import { type BranchRow, createBranchStore, type StepRow } from "../stores/branch-store.ts";
import { createDatasetStore } from "../stores/store.ts";
import { createTagStore } from "../stores/tag-store.ts";
import { createVersionStore, type VersionRow } from "../stores/version-store.ts";

/** The draft of a branch as it stands: its items and the place from which it can be changed. */
export type DraftHead = {
  readonly branch: BranchRow;
  readonly manifest: Manifest;
  /** The step that made these items; null when they are the newest version's. */
  readonly step: StepRow | null;
};

/** The items that a reference names. */
export type Found = {
  readonly manifest: Manifest;
  /** In words, such as `version 3` or `draft of main`. */
  readonly label: string;
  /** Null for a draft that was changed, and for a branch without versions. */
  readonly version: VersionRow | null;
  readonly draft: DraftHead | null;
};

type Reference = { readonly datasetId: string; readonly at: string };

/** Finds what a version's reference means. Each throws `not_found` for what is not in the project. */
export function createPlaces({ db, manifests }: { db: Postgres; manifests: Manifests }) {
  const versions = createVersionStore(db);
  const branches = createBranchStore(db);

  async function branchOf({ projectId }: Scope, datasetId: string, name: string): Promise<BranchRow> {
    const row = await branches.find({ projectId, datasetId, branch: name });
    if (row) return row;
    if (!(await createDatasetStore(db).find(projectId, datasetId))) throw notFound("dataset", datasetId);
    throw unknownReference(name);
  }

  async function versionOf({ projectId }: Scope, datasetId: string, number: number): Promise<VersionRow> {
    const row = await versions.find({ projectId, datasetId }, number);
    if (!row) throw unknownReference(String(number));
    return row;
  }

  async function head(scope: Scope, datasetId: string, name: string): Promise<DraftHead> {
    const branch = await branchOf(scope, datasetId, name);
    const place = { projectId: scope.projectId, datasetId, branch: name };
    const step = branch.applied > 0 ? ((await branches.findStep(place, branch.applied)) ?? null) : null;
    if (step) return { branch, step, manifest: await manifests.read(step.manifestSha) };
    if (branch.head === null) return { branch, step, manifest: EMPTY_MANIFEST };
    const version = await versionOf(scope, datasetId, branch.head);
    return { branch, step, manifest: await manifests.read(version.manifestSha) };
  }

  async function openDraft(scope: Scope, datasetId: string, name: string): Promise<Found> {
    const draft = await head(scope, datasetId, name);
    const number = draft.step === null ? draft.branch.head : null;
    const version = number === null ? null : await versionOf(scope, datasetId, number);
    return { draft, manifest: draft.manifest, label: `draft of ${name}`, version };
  }

  async function openVersion(version: VersionRow): Promise<Found> {
    return {
      version,
      draft: null,
      manifest: await manifests.read(version.manifestSha),
      label: `version ${version.number}`,
    };
  }

  /** A branch means its newest version. */
  async function openNamed(scope: Scope, datasetId: string, name: string): Promise<Found> {
    const which = { projectId: scope.projectId, datasetId };
    const branch = await branches.find({ ...which, branch: name === "latest" ? MAIN_BRANCH : name });
    if (branch && branch.head !== null) return openVersion(await versionOf(scope, datasetId, branch.head));
    if (branch) return { manifest: EMPTY_MANIFEST, label: branch.name, version: null, draft: null };
    const tagged = await createTagStore(db).find(which, name);
    if (tagged !== undefined) return openVersion(await versionOf(scope, datasetId, tagged));
    if (!(await createDatasetStore(db).find(scope.projectId, datasetId))) throw notFound("dataset", datasetId);
    throw unknownReference(name);
  }

  return {
    head,
    branchOf,
    versionOf,
    /** Resolves a version's number, root, tag, branch or `draft`. */
    async open(scope: Scope, { datasetId, at }: Reference): Promise<Found> {
      if (at === "draft" || at.startsWith("draft:")) return openDraft(scope, datasetId, at.slice(6) || MAIN_BRANCH);
      const number = /^v?(\d{1,9})$/.exec(at)?.[1];
      if (number !== undefined) return openVersion(await versionOf(scope, datasetId, Number(number)));
      if (!/^[0-9a-f]{64}$/.test(at)) return openNamed(scope, datasetId, at);
      const version = await versions.findByRoot({ projectId: scope.projectId, datasetId }, at);
      if (!version) throw unknownReference(at);
      return openVersion(version);
    },
  };
}
export type Places = ReturnType<typeof createPlaces>;

const unknownReference = (at: string) =>
  new AppError("not_found", {
    message: `This dataset has no branch, tag or version "${at.slice(0, 100)}". Use a version number, a tag, a branch or \`draft\`.`,
    details: { kind: "version", id: at },
  });
