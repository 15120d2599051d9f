import { createHash } from "node:crypto";
import type { KnowledgeIndexing } from "@treadle/contract";
import {
  type Chunk,
  collectTerms,
  createAnalyzer,
  cutChunks,
  embeddingText,
  type ParsedText,
  writeSegmentTerms,
} from "@treadle/retrieval";
import { estimateTokens } from "./estimate-tokens.ts";
import { type SegmentChunk, writeSegment } from "./segment-file.ts";

type Cut = {
  /** The parsed document as JSON. */
  readonly parsed: Uint8Array;
  readonly documentId: string;
  readonly title: string;
  readonly indexing: Pick<KnowledgeIndexing, "chunkTokens" | "overlap">;
  readonly maxTokens: number;
};
/** A chunk, and what is embedded of it. */
type CutChunk = { readonly chunk: Chunk; readonly embedded: string; readonly embeddedHash: string };

type Seal = {
  readonly parsed: Uint8Array;
  readonly documentId: string;
  readonly title: string;
  readonly language: string;
  readonly dimensions: number;
  readonly chunks: readonly (Chunk & { readonly embeddedHash: string })[];
  readonly vectors: Float32Array;
};

/** The orders of the thread that indexes. */
export type IndexOrders = {
  /** Cuts a document into chunks. */
  readonly cut: { readonly order: Cut; readonly answer: readonly CutChunk[] };
  /** Writes the segment of a document. */
  readonly seal: { readonly order: Seal; readonly answer: { readonly file: Uint8Array; readonly contentHash: string } };
};

const hashOf = (text: string | Uint8Array) => createHash("sha256").update(text).digest("hex");

export const indexWork = {
  cut({ parsed, documentId, title, indexing, maxTokens }: Cut): readonly CutChunk[] {
    const document = readParsed(parsed);
    const chunks = cutChunks(
      { ...document, title },
      {
        documentId,
        countTokens: estimateTokens,
        hash: (text) => hashOf(text).slice(0, 32),
        targetTokens: Math.min(indexing.chunkTokens, maxTokens),
        maxTokens,
        overlapShare: indexing.overlap,
      },
    );
    return chunks.map((chunk) => {
      const embedded = embeddingText(chunk, document.text);
      return { chunk, embedded, embeddedHash: hashOf(embedded) };
    });
  },

  seal({ parsed, documentId, title, language, dimensions, chunks, vectors }: Seal) {
    const { text } = readParsed(parsed);
    const texts = chunks.map(({ start, end }) => Buffer.from(text.slice(start, end)));
    const fields = chunks.map(({ start, end, headingPath }) => ({
      body: text.slice(start, end),
      title,
      heading: headingPath.join("\n"),
    }));
    const terms = writeSegmentTerms(collectTerms(fields, createAnalyzer(language)));
    const described = describeChunks(chunks, texts);
    const meta = { format: 1, documentId, language, dimensions, chunks: described } as const;
    const contentHash = hashOf(
      JSON.stringify(described.map(({ id, embeddedHash, ...place }) => [embeddedHash, place])),
    );
    return { file: writeSegment({ meta, terms, vectors }, texts), contentHash };
  },
};

function describeChunks(chunks: Seal["chunks"], texts: readonly Uint8Array[]): SegmentChunk[] {
  let textEnd = 0;
  return chunks.map((chunk, at) => {
    const textStart = textEnd;
    textEnd += texts[at]?.byteLength ?? 0;
    const { chunkId: id, start, end, page = null, lastPage = null, headingPath, tokens, embeddedHash } = chunk;
    return { id, start, end, page, lastPage, headings: [...headingPath], tokens, embeddedHash, textStart, textEnd };
  });
}

const readParsed = (bytes: Uint8Array): ParsedText =>
  JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString());
