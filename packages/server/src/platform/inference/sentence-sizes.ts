import { textTooLong } from "./context-length.ts";

/** Characters of one text. Reading a text takes the square of its length, so that one long text would keep all others waiting. */
export const MAX_TEXT_CHARACTERS = 8_000;
/** Characters of all texts of one request. */
const MAX_REQUEST_CHARACTERS = 400_000;
/** The work per turn. Other callers have their turn in between. */
const BATCH_TEXTS = 64;
const BATCH_CHARACTERS = MAX_TEXT_CHARACTERS;

/** Throws `invalid_request` for texts that are too long for the embedding model of the program, before any of them is read. */
export function checkSentences(texts: readonly string[], modelId: string): void {
  const index = texts.findIndex((text) => text.length > MAX_TEXT_CHARACTERS);
  const length = texts[index]?.length ?? 0;
  if (length > 0)
    throw tooLong(
      `The maximum context length of "${modelId}" is ${MAX_TEXT_CHARACTERS} characters per text, but text ${index} has ${length} characters. Split the text.`,
    );
  const total = texts.reduce((sum, text) => sum + text.length, 0);
  if (total > MAX_REQUEST_CHARACTERS)
    throw tooLong(
      `The texts have ${total} characters in total, but "${modelId}" accepts at most ${MAX_REQUEST_CHARACTERS} characters per request. Send fewer texts per request.`,
    );
}

/** The texts in their order, in parts that are short to read. */
export function toBatches(texts: readonly string[], characters = BATCH_CHARACTERS): readonly (readonly string[])[] {
  const batches: string[][] = [];
  let room = 0;
  for (const text of texts) {
    const last = batches.at(-1);
    if (last && last.length < BATCH_TEXTS && text.length <= room) last.push(text);
    else batches.push([text]);
    room = (batches.at(-1) === last ? room : characters) - text.length;
  }
  return batches;
}

const tooLong = (message: string) => textTooLong({ param: "input", message });
