import { getLIDModel } from "fasttext.wasm.js";

type Detected = { readonly language: string; readonly confidence: number };

/** The length of the sample for language detection, which limits its time. */
const MOST_CHARACTERS = 4_000;
/** Text that has no letters has no language. */
const LETTERS = /\p{L}.*\p{L}/su;

let model: ReturnType<typeof getLIDModel> | undefined;

/** The language of a text by fastText's lid.176, which ships with the program: ISO 639-1 where there is one, otherwise 639-3; `und` without letters. */
export async function detectLanguage(text: string): Promise<Detected> {
  const line = text.slice(0, MOST_CHARACTERS).replaceAll(/\s+/g, " ").trim();
  if (!LETTERS.test(line)) return { language: "und", confidence: 0 };
  model ??= getLIDModel();
  const loaded = await model;
  const { alpha2, alpha3, possibility } = await loaded.identify(line);
  return { language: alpha2 ?? alpha3, confidence: Math.min(1, possibility) };
}
