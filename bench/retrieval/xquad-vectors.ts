import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { prefixesOf } from "../../packages/server/src/modules/build/models/catalogue/prefixes.ts";
import { createInference } from "../../packages/server/src/platform/inference/open.ts";
import type { Inference } from "../../packages/server/src/platform/inference/port.ts";
import type { XquadSet } from "./xquad-set.ts";

const BATCH = 32;
const MEMORY = 4 * 2 ** 30;
const LIMIT_MS = 600_000;
const silent = { debug: () => {}, info: () => {}, warn: console.warn, error: console.error };

type Options = {
  /** A GGUF file of an embedding model. Its name decides its prefixes, as in the product. */
  readonly model: string;
  /** A file that stores the vectors for the next run. */
  readonly cache: string | undefined;
  readonly sets: readonly XquadSet[];
};
export type SetVectors = { passage(text: string): Float32Array; query(text: string): Float32Array };

/** Embeds all paragraphs and questions by the product's own inference. */
export async function embedSets({ model, cache, sets }: Options): Promise<SetVectors> {
  const hash = createHash("sha256").update(readFileSync(model)).digest("hex");
  const keyOf = (text: string) => createHash("sha256").update(`${hash}\n${text}`).digest("base64");
  const prefixes = prefixesOf(basename(model)) ?? { query: "", passage: "" };
  const texts = sets.flatMap(({ paragraphs, questions }) => [
    ...paragraphs.map((text) => prefixes.passage + text),
    ...questions.map(({ text }) => prefixes.query + text),
  ]);
  const stored = readCache(cache);
  const missing = [...new Set(texts)].filter((text) => !stored.has(keyOf(text)));
  const inference = createInference({ memoryBudgetBytes: MEMORY, parallel: 1, log: silent });
  const facts = await inference.inspect(model);
  inference.register({ id: model, path: model, ...facts });
  for (let at = 0; at < missing.length; at += BATCH) {
    const batch = missing.slice(at, at + BATCH);
    const texts = await shorten(inference, { modelId: model, texts: batch, mostTokens: facts.contextTokens });
    const { vectors } = await inference.embed({ modelId: model, texts }, AbortSignal.timeout(LIMIT_MS));
    for (const [place, text] of batch.entries()) stored.set(keyOf(text), toBase64(vectors[place] ?? []));
    writeCache(cache, stored);
    console.error(`Embedded ${Math.min(at + BATCH, missing.length)} of ${missing.length} texts`);
  }
  await inference.close();
  const vectorOf = (text: string) => fromBase64(stored.get(keyOf(text)) ?? "");
  return {
    passage: (text) => vectorOf(prefixes.passage + text),
    query: (text) => vectorOf(prefixes.query + text),
  };
}

type Texts = { readonly modelId: string; readonly texts: readonly string[]; readonly mostTokens: number };

/** Cuts the end of texts that exceed the context of the model, as embedding libraries do. */
async function shorten(inference: Inference, { modelId, texts, mostTokens }: Texts): Promise<string[]> {
  const counts = await inference.countTexts({ modelId, texts }, AbortSignal.timeout(LIMIT_MS));
  const cut = texts.map((text, at) => {
    const tokens = counts[at] ?? 0;
    return tokens > mostTokens ? text.slice(0, Math.floor((text.length * 0.98 * mostTokens) / tokens)) : text;
  });
  return cut.every((text, at) => text === texts[at]) ? cut : shorten(inference, { modelId, texts: cut, mostTokens });
}

const readCache = (path: string | undefined): Map<string, string> =>
  new Map(path !== undefined && existsSync(path) ? Object.entries(JSON.parse(readFileSync(path, "utf8"))) : []);

function writeCache(path: string | undefined, stored: ReadonlyMap<string, string>): void {
  if (path !== undefined) writeFileSync(path, JSON.stringify(Object.fromEntries(stored)));
}

const toBase64 = (vector: readonly number[]) => Buffer.from(Float32Array.from(vector).buffer).toString("base64");
const fromBase64 = (text: string) => new Float32Array(Uint8Array.from(Buffer.from(text, "base64")).buffer);
