import { readFileSync } from "node:fs";
import { z } from "zod";

/** The SQuAD format, as far as retrieval needs it. */
const File = z.object({
  data: z.array(
    z.object({
      paragraphs: z.array(z.object({ context: z.string(), qas: z.array(z.object({ question: z.string() })) })),
    }),
  ),
});

export type XquadSet = {
  readonly language: string;
  readonly paragraphs: readonly string[];
  /** `paragraph` is the position of the paragraph that answers. */
  readonly questions: readonly { readonly text: string; readonly paragraph: number }[];
};

/** Reads the first paragraphs of a file with their questions. Throws for a file of another format. */
export function readXquad(path: string, { language, most }: { language: string; most: number }): XquadSet {
  const { data } = File.parse(JSON.parse(readFileSync(path, "utf8")));
  const all = data.flatMap(({ paragraphs }) => paragraphs).slice(0, most);
  return {
    language,
    paragraphs: all.map(({ context }) => context),
    questions: all.flatMap(({ qas }, paragraph) => qas.map(({ question: text }) => ({ text, paragraph }))),
  };
}

/** The first paragraphs of a set, with their questions. */
export const firstOf = ({ language, paragraphs, questions }: XquadSet, count: number): XquadSet => ({
  language,
  paragraphs: paragraphs.slice(0, count),
  questions: questions.filter(({ paragraph }) => paragraph < count),
});
