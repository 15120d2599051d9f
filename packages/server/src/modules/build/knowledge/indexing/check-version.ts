import { AppError } from "../../../../kernel/errors.ts";
import type { BaseRow } from "../stores/base-store.ts";
import type { KnowledgeDeps } from "../stores/deps.ts";
import type { Manifest } from "../stores/manifest.ts";
import { openVersion } from "./open-version.ts";

/**
 * Opens a version in the search thread before anyone can use it. Throws if a chunk or a vector is missing, or if a chunk does not find
 * itself. False if one of its documents was deleted meanwhile.
 */
export async function checkVersion(deps: KnowledgeDeps, base: BaseRow, { documents }: Manifest): Promise<boolean> {
  const key = `${base.id} check`;
  try {
    const { counts, documents: present } = await openVersion(deps, { base, key, documents });
    if (present.length < documents.length) return false;
    const chunks = documents.reduce((sum, document) => sum + document.chunks, 0);
    if (counts.chunks !== chunks || counts.documents !== documents.length)
      throw wrong(
        `It has ${counts.chunks} chunks of ${counts.documents} documents instead of ${chunks} of ${documents.length}.`,
      );
    const { checked, lost } = await deps.searchThread.ask("probe", { key });
    if (lost > 0) throw wrong(`${lost} of ${checked} chunks do not find themselves.`);
    return true;
  } finally {
    await deps.searchThread.ask("close", { key });
  }
}

const wrong = (message: string) =>
  new AppError("internal", { message: `The new index version is damaged, so it is not used. ${message}` });
