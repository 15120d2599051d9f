import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { RetrievalDeps } from "../stores/deps.ts";

type Place = { readonly baseId: string; readonly version: number };

/** Throws `not_found` for a version that the base lacks, and `conflict` for a pruned one, which has no chunks any more. */
export async function checkVersion(
  { knowledge }: Pick<RetrievalDeps, "knowledge">,
  scope: Scope,
  { baseId, version }: Place,
): Promise<void> {
  const { state } = await knowledge.getVersion(scope, { knowledgeBaseId: baseId, version });
  if (state === "pruned")
    throw new AppError("conflict", {
      message: `Version ${version} was pruned, so it cannot be searched. Choose another version.`,
    });
}
