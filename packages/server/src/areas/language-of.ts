import { detectLanguage } from "../modules/data/curation/index.ts";

/** fastText guesses the language of very short texts, and such a guess says nothing. */
const LEAST_CONFIDENCE = 0.5;

/** The language of a text; `und` if it is not certain. */
export async function languageOf(text: string): Promise<string> {
  const { language, confidence } = await detectLanguage(text);
  return confidence < LEAST_CONFIDENCE ? "und" : language;
}
