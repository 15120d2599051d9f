import { LATEST_LABEL, type PromptContent } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { fromCursor } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Audit } from "../../../system/audit/index.ts";
import type { Comments } from "../../../system/comments/index.ts";
import type { FillApart } from "../fill/fill-apart.ts";
import { createPromptStore, type PromptRow } from "../stores/prompt-store.ts";
import { createVersionStore, type Reference } from "../stores/version-store.ts";
import type { FindIncluded } from "./includes.ts";

export type PromptsDeps = {
  readonly db: Postgres;
  readonly columnar: Columnar;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
  readonly comments: Comments;
  /** The names of people and API keys by their ids; those that are gone have none. */
  namesOf(projectId: string, actors: readonly string[]): Promise<ReadonlyMap<string, string>>;
};
/** Shared dependencies of this module's parts. */
export type PromptParts = PromptsDeps & {
  readonly fill: FillApart;
  /** After a commit: what was read of this project's prompts before is no longer true. */
  forget(projectId: string): void;
};

export const toReference = (text: string): Reference =>
  /^\d+$/.test(text) ? { version: Number(text) } : { label: text };

export const findIncludedIn =
  (db: Postgres, projectId: string): FindIncluded =>
  async ({ name, reference }) => {
    const row = await createVersionStore(db).findByName(projectId, name, toReference(reference));
    return row && { version: row.version.version, content: row.version.content as PromptContent };
  };

export async function findPrompt(db: Postgres, scope: Pick<Scope, "projectId">, name: string): Promise<PromptRow> {
  const row = await createPromptStore(db).find(scope.projectId, name);
  if (!row) throw notFound("prompt", name);
  return row;
}

/** Inside a transaction: no other request changes the prompt until it ends. */
export async function holdPrompt(tx: Postgres, scope: Scope, name: string): Promise<PromptRow> {
  const row = await createPromptStore(tx).findAndHold(scope.projectId, name);
  if (!row) throw notFound("prompt", name);
  return row;
}

export const noVersion = (name: string, version: number, latest: number) =>
  new AppError("not_found", {
    message: `The prompt "${name}" has no version ${version}. Its newest version is ${latest}.`,
    details: { kind: "prompt version", id: `${name}@${version}` },
  });

/** Only permitted users move a protected label. `latest` moves automatically. */
export function refuseProtected(scope: Scope, { name, protectedLabels }: PromptRow, labels: readonly string[]): void {
  const closed = labels.find((label) => label !== LATEST_LABEL && protectedLabels.includes(label));
  if (closed === undefined || scope.permissions.has("prompts:protect")) return;
  throw new AppError("forbidden", {
    message: `The label "${closed}" of "${name}" is protected. Ask a user with the permission prompts:protect to move it.`,
    details: { label: closed },
  });
}

/** Reads the cursor of a list sorted by a whole number. */
export function fromNumberCursor(cursor: string): number {
  const [number] = fromCursor(cursor, 1);
  if (typeof number === "number" && Number.isSafeInteger(number) && Math.abs(number) < 2 ** 31) return number;
  throw new AppError("invalid_request", {
    message: "The cursor does not belong to this list. Start again without a cursor.",
  });
}
