import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { RetrievalDeps } from "../stores/deps.ts";

type Base = { readonly scope: Scope; readonly baseId: string };
/** Finds what a judgement calls a document. Throws `invalid_request`. */
export type FindDocument = (name: string) => Promise<string>;

const PAGE = 200;
/** The form of the ids that the server makes. */
const ID = /^[a-z]+_[0-9a-z]{20,}$/;

/** Documents by id, by the name of the file, or by the name without its extension. The names are read once, when one is needed. */
export function createFindDocument(
  { knowledge }: Pick<RetrievalDeps, "knowledge">,
  { scope, baseId }: Base,
): FindDocument {
  const known = new Set<string>();
  let names: Promise<ReadonlyMap<string, string>> | undefined;

  async function isId(documentId: string): Promise<boolean> {
    if (known.has(documentId)) return true;
    if (!ID.test(documentId)) return false;
    try {
      await knowledge.getDocument(scope, { knowledgeBaseId: baseId, documentId });
    } catch (error) {
      if (error instanceof AppError && error.code === "not_found") return false;
      throw error;
    }
    known.add(documentId);
    return true;
  }

  return async (name) => {
    if (await isId(name)) return name;
    names ??= readNames({ knowledge }, { scope, baseId });
    const documentId = (await names).get(name);
    if (documentId !== undefined) return documentId;
    throw new AppError("invalid_request", {
      message: `The knowledge base has no document "${name}". Give the id or the name of one of its documents.`,
    });
  };
}

/** Whole names win over names without their extension, and newer documents over older ones. */
async function readNames({ knowledge }: Pick<RetrievalDeps, "knowledge">, { scope, baseId }: Base) {
  const [names, stems] = [new Map<string, string>(), new Map<string, string>()];
  let cursor: string | undefined;
  do {
    const page = await knowledge.listDocuments(scope, baseId, { limit: PAGE, cursor });
    for (const { documentId, uri: name } of page.items) {
      const stem = name.replace(/\.[^./]+$/, "");
      if (!names.has(name)) names.set(name, documentId);
      if (!stems.has(stem)) stems.set(stem, documentId);
    }
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return new Map([...stems, ...names]);
}
