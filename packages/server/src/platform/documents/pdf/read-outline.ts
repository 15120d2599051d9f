import { titleKey } from "./blocks/find-headings.ts";
import type { PdfDocument } from "./open-document.ts";

type Outline = Awaited<ReturnType<PdfDocument["getOutline"]>>;

const MOST_TITLES = 20_000;

/** The bookmarks of a document, with their depth from 1. A title at two depths has the higher one. A damaged outline is an empty one. */
export async function readOutline(document: PdfDocument): Promise<ReadonlyMap<string, number>> {
  const levels = new Map<string, number>();
  let items: Outline = await document.getOutline().catch(() => []);
  for (let level = 1; items !== null && items.length > 0 && levels.size < MOST_TITLES; level++) {
    for (const { title } of items) {
      const key = titleKey(title);
      if (key !== "" && !levels.has(key)) levels.set(key, level);
    }
    items = items.flatMap((item) => item.items);
  }
  return levels;
}

const FILE_NAME =
  /^(?:microsoft (?:word|powerpoint|excel) - .*|untitled.*|.*\.(?:docx?|pptx?|xlsx?|pdf|tex|dvi|indd|qxd|rtf|odt|html?)|document\d*)$/i;

/** The title in the metadata, or null. Titles that a program made of a file name are none. */
export async function readTitle(document: PdfDocument): Promise<string | null> {
  const metadata = await document.getMetadata().catch(() => null);
  const info: unknown = metadata?.info;
  const title = typeof info === "object" && info !== null && "Title" in info ? info.Title : null;
  const dublinCore: unknown = metadata?.metadata?.get("dc:title");
  return cleanTitle(title) ?? cleanTitle(dublinCore);
}

function cleanTitle(title: unknown): string | null {
  if (typeof title !== "string") return null;
  const clean = title.replace(/[\s\p{Cc}]+/gu, " ").trim();
  return clean === "" || FILE_NAME.test(clean) ? null : clean;
}
