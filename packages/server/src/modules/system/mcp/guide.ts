import { readdir, readFile } from "node:fs/promises";
import { AppError } from "../../../kernel/errors.ts";
import { bestOf, scoreOf, wordsOf } from "./search-words.ts";

type Section = { readonly page: string; readonly title: string; readonly heading: string; readonly text: string };
type Pages = { readonly texts: ReadonlyMap<string, string>; readonly sections: readonly Section[] };

const FOLDERS = ["guide", "reference"];
const EXCERPT = 600;

/** The documentation that ships with Treadle, by page and section. Read once, at the first request. */
export function createGuide(folder: URL) {
  let reading: Promise<Pages> | null = null;
  const pages = () => {
    reading ??= readPages(folder).catch((error: unknown) => {
      reading = null;
      throw error;
    });
    return reading;
  };

  return {
    async search(query: string, limit: number) {
      const words = wordsOf(query);
      const { sections } = await pages();
      const found = bestOf(sections, limit, ({ title, heading, text }) =>
        scoreOf(words, [
          [heading, 3],
          [title, 2],
          [text, 1],
        ]),
      );
      return found.map(({ page, title, heading, text }) => ({
        page,
        title,
        section: heading,
        excerpt: text.slice(0, EXCERPT),
      }));
    },
    async read(page: string): Promise<string> {
      const { texts } = await pages();
      const text = texts.get(page);
      if (text !== undefined) return text;
      throw new AppError("not_found", {
        message: `There is no page "${page}". Pages: ${[...texts.keys()].join(", ")}.`,
      });
    },
  };
}
export type Guide = ReturnType<typeof createGuide>;

async function readPages(folder: URL): Promise<Pages> {
  const names = await Promise.all(
    FOLDERS.map(async (name) => {
      const files = await readdir(new URL(`${name}/`, folder)).catch(() => []);
      return files.filter((file) => file.endsWith(".md")).map((file) => `${name}/${file.slice(0, -3)}`);
    }),
  );
  const texts = new Map<string, string>();
  for (const page of names.flat().toSorted()) texts.set(page, await readFile(new URL(`${page}.md`, folder), "utf8"));
  return { texts, sections: [...texts].flatMap(([page, text]) => sectionsOf(page, text)) };
}

function sectionsOf(page: string, text: string): Section[] {
  const title = /^# (.+)$/m.exec(text)?.[1] ?? page;
  return text.split(/^(?=## )/m).map((part) => {
    const heading = /^#{1,2} (.+)$/m.exec(part)?.[1] ?? title;
    return { page, title, heading, text: part.replace(/^#{1,2} .+$/m, "").trim() };
  });
}
