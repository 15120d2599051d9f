import type { TOKENIZERS } from "@treadle/contract";

export type Tokenizer = (typeof TOKENIZERS)[number];
type Count = (text: string) => number;

/** A run of signs without a break takes time that grows with its square: it is cut, which adds at most one token a cut. */
const LONG_RUN = /\S{400}|\s{400}/g;

const loaders: Readonly<Record<Tokenizer, () => Promise<Count>>> = {
  o200k_base: async () => withAnyText((await import("gpt-tokenizer/encoding/o200k_base")).countTokens),
  cl100k_base: async () => withAnyText((await import("gpt-tokenizer/encoding/cl100k_base")).countTokens),
};

type Library = (text: string, options: { disallowedSpecial: Set<string> }) => number;

/** Text that looks like a special token is plain text. */
const withAnyText =
  (count: Library): Count =>
  (text) =>
    pieces(text).reduce((sum, piece) => sum + count(piece, { disallowedSpecial: new Set() }), 0);

function pieces(text: string): string[] {
  if (text.length < 400) return text === "" ? [] : [text];
  const cuts: string[] = [];
  let from = 0;
  for (const { 0: run, index } of text.matchAll(LONG_RUN)) {
    cuts.push(text.slice(from, index), run);
    from = index + run.length;
  }
  return [...cuts, text.slice(from)].filter((piece) => piece !== "");
}

const loaded = new Map<Tokenizer, Promise<Count>>();

/** The vocabulary takes some megabytes and a tenth of a second, once. */
export function loadTokenizer(name: Tokenizer): Promise<Count> {
  const known = loaded.get(name) ?? loaders[name]();
  loaded.set(name, known);
  return known;
}
