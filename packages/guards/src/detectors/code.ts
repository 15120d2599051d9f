import type { Detector } from "../detector.ts";
import { findInText, type Hit } from "./find-in-views.ts";

const FENCE = /^[ \t>]{0,8}(?<fence>`{3,20}|~{3,20})[ \t]*(?<language>[\w+#.-]{0,30})/gm;
const SCRIPT = /<script\b[^>]{0,500}>/gi;

/** Code in fences of Markdown, and scripts of HTML. A fence without an end goes on to the end of the text. */
export const code: Detector = {
  name: "code",
  version: 1,
  isDeterministic: true,
  need: "whole",
  find: ({ text }) => findInText("code", [...fencedBlocks(text), ...scripts(text)]),
};

function fencedBlocks(text: string): Hit[] {
  if (!text.includes("```") && !text.includes("~~~")) return [];
  const hits: Hit[] = [];
  let open: { readonly start: number; readonly fence: string } | null = null;
  for (const { index, 0: line, groups } of text.matchAll(FENCE)) {
    const fence: string = groups?.fence ?? "";
    if (open === null) open = { start: index, fence };
    else if (fence.startsWith(open.fence) && groups?.language === "") {
      hits.push({ start: open.start, end: index + line.length, kind: "code-block" });
      open = null;
    }
  }
  return open === null ? hits : [...hits, { start: open.start, end: text.length, kind: "code-block" }];
}

function scripts(text: string): Hit[] {
  if (!/<script/i.test(text)) return [];
  return [...text.matchAll(SCRIPT)].map(({ 0: tag, index }) => ({
    start: index,
    end: index + tag.length,
    kind: "script",
  }));
}
