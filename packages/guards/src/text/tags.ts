import type { TextView } from "../prepared-text.ts";
import { asciiOfTag, TAG_RUN } from "./invisible.ts";
import { createViewBuilder } from "./view-builder.ts";

/** The text that tag characters spell: nobody sees it, but models read it. */
export function decodeTags(text: string): TextView | null {
  const builder = createViewBuilder(text);
  for (const { 0: run, index } of text.matchAll(TAG_RUN)) {
    let at = index;
    for (const tag of run) {
      builder.replace({ start: at, end: at + tag.length }, asciiOfTag(tag));
      at += tag.length;
    }
    builder.replace({ start: at, end: at }, "\n");
  }
  return builder.length() > 0 ? builder.build("tags") : null;
}
