import type { GUARD_OPTIONS } from "@treadle/contract";
import type { LateDetector } from "@treadle/guards";
import type { z } from "zod";

/** ISO 639 code of a text, with a confidence from 0 to 1. */
type Detect = (text: string) => Promise<{ readonly language: string; readonly confidence: number }>;
type Options = z.output<(typeof GUARD_OPTIONS)["language"]>;

/** Texts in another language than the allowed ones, by a model on this server. The score is its confidence. */
export const createLanguage = (detect: Detect): LateDetector<Options> => ({
  name: "language",
  version: 1,
  async find(text, { allowed, leastLetters }, { threshold }) {
    if ((text.match(/\p{L}/gu)?.length ?? 0) < leastLetters) return [];
    const { language, confidence } = await detect(text);
    return allowed.includes(language) || confidence < threshold ? [] : [{ kind: "language", score: confidence }];
  },
});
