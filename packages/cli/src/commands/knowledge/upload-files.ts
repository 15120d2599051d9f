import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { ApiError, type Client, readAllPages } from "@treadle/sdk";
import type { LocalFile } from "./find-files.ts";

type Done = { readonly name: string; readonly documentId: string };
type Failure = { readonly name: string; readonly error: string };
export type Uploads = {
  readonly uploaded: readonly Done[];
  /** Documents that have the same bytes already. */
  readonly unchanged: readonly Done[];
  readonly failed: readonly Failure[];
};
type Order = {
  readonly knowledgeBaseId: string;
  readonly files: readonly LocalFile[];
  readonly concurrency: number;
  readonly principals: string | undefined;
  readonly onProgress: (done: number) => void;
};
type Existing = ReadonlyMap<string, Done & { readonly contentHash: string; readonly principals: readonly string[] }>;

/**
 * Uploads the files that a knowledge base does not have yet, some at the same time. A file that the server rejects does not stop the
 * others. Anything else is thrown, such as a lost connection: a second run continues.
 */
export async function uploadFiles(client: Client, order: Order): Promise<Uploads> {
  const existing = await listExisting(client, order.knowledgeBaseId);
  const results: { uploaded: Done[]; unchanged: Done[]; failed: Failure[] } = {
    uploaded: [],
    unchanged: [],
    failed: [],
  };
  let done = 0;
  let isStopped = false;
  const queue = order.files.values();
  const work = async () => {
    for (const file of queue) {
      if (isStopped) return;
      const result = await uploadFile(client, order, { file, existing });
      if ("error" in result) results.failed.push(result);
      else results[result.isNew ? "uploaded" : "unchanged"].push({ name: result.name, documentId: result.documentId });
      order.onProgress(++done);
    }
  };
  const workers = Array.from({ length: order.concurrency }, () =>
    work().catch((error: unknown) => {
      isStopped = true;
      throw error;
    }),
  );
  await Promise.all(workers);
  const { uploaded, unchanged, failed } = results;
  return { uploaded: byName(uploaded), unchanged: byName(unchanged), failed: byName(failed) };
}

const byName = <Result extends { readonly name: string }>(results: readonly Result[]): Result[] =>
  results.toSorted((one, other) => (one.name < other.name ? -1 : 1));

/** Documents by name. One that failed is uploaded again. */
async function listExisting(client: Client, knowledgeBaseId: string): Promise<Existing> {
  const { items } = await readAllPages((query) =>
    client.call("GET /api/v1/knowledge/:knowledgeBaseId/documents", { params: { knowledgeBaseId }, query }),
  );
  return new Map(
    items
      .filter(({ state }) => state !== "failed")
      .map(({ uri, documentId, contentHash, principals }) => [uri, { name: uri, documentId, contentHash, principals }]),
  );
}

type One = { readonly file: LocalFile; readonly existing: Existing };

async function uploadFile(
  client: Client,
  { knowledgeBaseId, principals }: Order,
  { file: { path, name }, existing }: One,
): Promise<(Done & { readonly isNew: boolean }) | Failure> {
  const bytes = await readFile(path);
  const same = existing.get(name);
  const isSame = same?.contentHash === createHash("sha256").update(bytes).digest("hex");
  if (same && isSame && isFor(principals, same)) return { name, documentId: same.documentId, isNew: false };
  try {
    const { documentId } = await client.call("POST /api/v1/knowledge/:knowledgeBaseId/documents", {
      params: { knowledgeBaseId },
      query: { name, principals },
      bytes: new Uint8Array(bytes),
    });
    return { name, documentId, isNew: true };
  } catch (error) {
    if (!(error instanceof ApiError) || !isOfFile(error)) throw error;
    return { name, error: error.message };
  }
}

/** Without principals, those of the document stay. */
const isFor = (given: string | undefined, { principals }: { readonly principals: readonly string[] }) =>
  given === undefined || given.split(",").sort().join(",") === [...principals].sort().join(",");

/** Whether another file could be accepted. */
const isOfFile = ({ status }: ApiError) => status === 400 || status === 413 || status === 415 || status === 422;
