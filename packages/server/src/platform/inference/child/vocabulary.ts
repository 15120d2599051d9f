import type { LlamaModel, Token } from "node-llama-cpp";

/** The parts of a vocabulary that requests need again and again. */
export type Vocabulary = {
  /** The texts that stand for control tokens, such as `<|im_end|>`; in a person's words they are only words. */
  readonly controlTexts: readonly string[];
  /** Whether words begin with their blank, so that an answer would begin with one. */
  readonly isPieces: boolean;
  /** The exact bytes of a token. Several tokens may form one character. */
  bytesOf(token: Token): readonly number[];
  /** The text of one token on its own; a token that is only part of a character reads as U+FFFD. */
  textOf(token: Token): string;
};

/** Token types in a model file that represent no text. */
const UNKNOWN = 2;
const CONTROL = 3;

export function readVocabulary(model: LlamaModel): Vocabulary {
  const { tokens, model: kind, token_type: types = [] } = model.fileInfo.metadata.tokenizer.ggml;
  const controlTexts: string[] = [];
  for (const [token, type] of types.entries()) {
    const text = tokens[token];
    if (type === CONTROL && text !== undefined && text.length > 1) controlTexts.push(text);
  }
  const decoder = new TextDecoder();
  const isPieces = kind !== "gpt2";
  const toBytes = isPieces ? pieceBytes : byteLevelBytes;
  const isSilent = (token: Token) => types[token] === CONTROL || types[token] === UNKNOWN;
  const bytesOf = (token: Token) => (isSilent(token) ? [] : toBytes(tokens[token] ?? ""));
  return { controlTexts, isPieces, bytesOf, textOf: (token) => decoder.decode(Uint8Array.from(bytesOf(token))) };
}

/** Byte-level vocabularies spell each byte as a printable character: itself, or one from U+0100 on. */
const BYTE_OF = new Map<string, number>();
for (let byte = 0, next = 256; byte < 256; byte++) {
  const isItself = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  BYTE_OF.set(String.fromCodePoint(isItself ? byte : next++), byte);
}

function byteLevelBytes(spelling: string): readonly number[] {
  const bytes: number[] = [];
  for (const character of spelling) {
    const byte = BYTE_OF.get(character);
    if (byte === undefined) bytes.push(...Buffer.from(character));
    else bytes.push(byte);
  }
  return bytes;
}

/** SentencePiece vocabularies spell a lone byte as `<0xE2>` and a blank as U+2581. */
function pieceBytes(spelling: string): readonly number[] {
  const byte = /^<0x([0-9A-F]{2})>$/.exec(spelling)?.[1];
  return byte === undefined ? [...Buffer.from(spelling.replaceAll("\u2581", " "))] : [Number.parseInt(byte, 16)];
}
