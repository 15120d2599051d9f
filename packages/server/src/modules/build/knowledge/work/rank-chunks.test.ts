import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KnowledgeSearching } from "@treadle/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hashedVector } from "../testing/hashed-embedding.ts";
import { indexWork } from "./index-work.ts";
import { openVersionIndex, type PlacedSegment, type VersionIndex } from "./load-version.ts";
import { rankChunks } from "./rank-chunks.ts";
import { createSearchWork } from "./search-work.ts";

/** One chunk per paragraph. */
const DOCUMENTS: Readonly<Record<string, readonly string[]>> = {
  one: ["The cat wants a refund.", "The cat wants a refund now.", "Cats and dogs are pets."],
  two: ["A refund takes five days.", "Refund policy for the cat."],
  three: ["The dog sat on the log."],
};
const CHUNKS = Object.entries(DOCUMENTS).flatMap(([id, texts]) => texts.map((text) => ({ id, text })));
let folder = "";
let placed: PlacedSegment[] = [];
let index: VersionIndex;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "treadle-rank-"));
  placed = await Promise.all(Object.keys(DOCUMENTS).map(writeDocument));
  index = await openVersionIndex(placed);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function writeDocument(documentId: string): Promise<PlacedSegment> {
  const paragraphs = DOCUMENTS[documentId] ?? [];
  const text = paragraphs.join("\n\n");
  let at = 0;
  const chunks = paragraphs.map((paragraph, ordinal) => {
    const start = text.indexOf(paragraph, at);
    at = start + paragraph.length;
    return {
      chunkId: `${documentId} ${ordinal}`,
      ordinal,
      role: "chunk" as const,
      start,
      end: at,
      kinds: [],
      headingPath: [],
      prefix: "",
      tokens: 5,
      embeddedHash: `${ordinal}`,
    };
  });
  const vectors = Float32Array.from(paragraphs.flatMap((paragraph) => [...unit(paragraph)]));
  const parsed = Buffer.from(JSON.stringify({ text, blocks: [] }));
  const { file } = indexWork.seal({ parsed, documentId, title: "", language: "en", dimensions: 64, chunks, vectors });
  const path = join(folder, documentId);
  await writeFile(path, file);
  return { documentId, object: documentId, path, skip: 0 };
}
function unit(text: string): Float32Array {
  const vector = hashedVector(text);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
const all = () => new Uint8Array(CHUNKS.length).fill(1);
function rank(text: string, more: object = {}, { limit = 10, allowed = all() } = {}) {
  const searching = KnowledgeSearching.parse(more);
  return rankChunks(index, { text, vector: unit(text), searching, limit }, allowed);
}
const textsOf = (ranked: readonly { ordinal: number }[]) => ranked.map(({ ordinal }) => CHUNKS[ordinal]?.text);

test("words rank by BM25, and meaning by cosine", () => {
  const words = rank("cat refund", { mode: "words" });
  expect(words).toHaveLength(5);
  expect(words.every(({ score, words: place, meaning }) => place?.score === score && meaning === null)).toBe(true);
  expect(textsOf(words)).not.toContain("The dog sat on the log.");
  const meaning = rank("Refund policy for the cat.", { mode: "meaning" });
  expect(textsOf(meaning)[0]).toBe("Refund policy for the cat.");
  expect(meaning[0]?.score).toBeCloseTo(1, 6);
  expect(meaning).toHaveLength(6);
});

test("fusion by ranks adds the weighted reciprocal ranks of both lists", () => {
  for (const wordWeight of [0, 0.3, 0.5, 1])
    for (const { score, words, meaning } of rank("cat refund", { fusion: "ranks", wordWeight })) {
      const part = (place: { rank: number } | null) => (place ? 1 / (60 + place.rank) : 0);
      expect(score).toBeCloseTo(wordWeight * part(words) + (1 - wordWeight) * part(meaning), 12);
    }
});

test("fusion by scores adds the scaled scores of both lists", () => {
  const ranked = rank("cat refund", { fusion: "scores", wordWeight: 0.7 });
  const scale = (list: "words" | "meaning") => {
    const scores = ranked.flatMap((chunk) => chunk[list]?.score ?? []);
    const [low, high] = [Math.min(...scores), Math.max(...scores)];
    return (score: number | undefined) => (score === undefined ? 0 : (score - low) / (high - low));
  };
  const [words, meaning] = [scale("words"), scale("meaning")];
  for (const chunk of ranked)
    expect(chunk.score).toBeCloseTo(0.7 * words(chunk.words?.score) + 0.3 * meaning(chunk.meaning?.score), 6);
});

test("a weight of 1 orders by words, and a weight of 0 by meaning", () => {
  const words = textsOf(rank("cat refund", { mode: "words" }));
  expect(textsOf(rank("cat refund", { wordWeight: 1 })).slice(0, words.length)).toEqual(words);
  expect(textsOf(rank("cat refund", { wordWeight: 0 }))).toEqual(textsOf(rank("cat refund", { mode: "meaning" })));
});

test("diversity prefers another text over a near copy of the first", () => {
  const query = "the cat wants a refund";
  expect(textsOf(rank(query, {}, { limit: 2 }))).toEqual(["The cat wants a refund.", "The cat wants a refund now."]);
  const diverse = textsOf(rank(query, { diversity: 0.7 }, { limit: 2 }));
  expect(diverse[0]).toBe("The cat wants a refund.");
  expect(diverse[1]).not.toBe("The cat wants a refund now.");
});

test("a limit per document leaves the best chunks of each", () => {
  const ranked = rank("cat refund", { perDocument: 1 });
  const ids = ranked.map(({ ordinal }) => CHUNKS[ordinal]?.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toHaveLength(3);
  expect(ranked[0]).toEqual(rank("cat refund")[0]);
});

test("the limit cuts the ranking, also if it is above the candidates", () => {
  const whole = rank("cat refund");
  for (const limit of [1, 3]) expect(rank("cat refund", {}, { limit })).toEqual(whole.slice(0, limit));
  expect(rank("cat refund", { candidates: 10 }, { limit: 100 })).toEqual(whole);
});

test("only allowed chunks are ranked, in each mode", () => {
  const allowed = Uint8Array.of(0, 1, 0, 0, 1, 0);
  for (const mode of ["hybrid", "words", "meaning"]) {
    const ordinals = rank("cat refund", { mode, diversity: 0.3 }, { allowed }).map(({ ordinal }) => ordinal);
    expect(ordinals.sort()).toEqual([1, 4]);
  }
  expect(rank("cat refund", {}, { allowed: new Uint8Array(CHUNKS.length) })).toEqual([]);
});

test("the terms of an explained hit add up to its score by words", async () => {
  const work = createSearchWork();
  await work.open({ key: "v", segments: placed });
  work.allow({ key: "v", accessKey: "all", documentIds: Object.keys(DOCUMENTS) });
  const order = {
    key: "v",
    accessKey: "all",
    vector: null,
    searching: KnowledgeSearching.parse({ mode: "words" }),
    limit: 9,
  };
  const found = work.search({ ...order, text: "a refund for the cats", explains: true });
  if (found.missing !== null) throw new Error(`The index has no ${found.missing}.`);
  expect(found.hits).toHaveLength(5);
  for (const { terms, words } of found.hits) {
    expect(terms.length).toBeGreaterThan(0);
    expect(terms.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(words?.score ?? 0, 9);
  }
});

test("a search without a list of allowed documents finds nothing and says so", async () => {
  const work = createSearchWork();
  const order = {
    key: "v",
    accessKey: "a",
    text: "cat",
    vector: null,
    searching: KnowledgeSearching.parse({}),
    limit: 9,
  };
  expect(work.search({ ...order, explains: false })).toEqual({ missing: "index" });
  await work.open({ key: "v", segments: placed });
  expect(work.search({ ...order, explains: false })).toEqual({ missing: "access" });
  work.allow({ key: "v", accessKey: "a", documentIds: [] });
  expect(work.search({ ...order, explains: false })).toEqual({ missing: null, hits: [] });
  work.forget({ documentId: "two" });
  expect(work.search({ ...order, explains: false })).toEqual({ missing: "index" });
});

test("versions with vectors of two sizes are rejected", async () => {
  const parsed = Buffer.from(JSON.stringify({ text: "Short.", blocks: [] }));
  const chunk = {
    chunkId: "x",
    ordinal: 0,
    role: "chunk" as const,
    start: 0,
    end: 6,
    kinds: [],
    headingPath: [],
    prefix: "",
    tokens: 1,
    embeddedHash: "x",
  };
  const order = { parsed, documentId: "four", title: "", language: "en", dimensions: 2, chunks: [chunk] };
  const path = join(folder, "four");
  await writeFile(path, indexWork.seal({ ...order, vectors: Float32Array.of(1, 0) }).file);
  const segments = [...placed, { documentId: "four", object: "four", path, skip: 0 }];
  await expect(openVersionIndex(segments)).rejects.toThrow("vectors with 64 and with 2 numbers");
});
