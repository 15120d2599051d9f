import { isRecord } from "../../../../kernel/is-record.ts";

/** A refusal is at the start of a response. */
const START = 300;

/** How models decline, in the languages in which they do it most. */
const PHRASES = new RegExp(
  [
    "\\bI(?: am|'m|’m)? (?:sorry|unable|not able)\\b[^.!?]{0,80}\\b(?:can(?:no|')?t|can’t|cannot|unable|not able|won'?t)\\b",
    "\\bI(?: can(?:not|'t|’t)| am unable to| am not able to|'m unable to|’m unable to|'m not able to| won't| must decline)\\b",
    "\\bas an AI(?: language model| assistant)?,? I\\b",
    "\\b(?:ich kann|leider kann ich)\\b[^.!?]{0,60}\\b(?:nicht|keine?n?)\\b",
    "\\bje ne (?:peux|suis) pas\\b",
    "\\bno puedo\\b",
    "\\bnão posso\\b",
    "\\bnon posso\\b",
  ].join("|"),
  "i",
);

/** Whether a response declines the request: by its own mark, or by how it begins. */
export function isRefusal(output: unknown, text: string): boolean {
  return hasRefusalMark(output) || PHRASES.test(text.slice(0, START));
}

function hasRefusalMark(output: unknown): boolean {
  if (!Array.isArray(output)) return false;
  return output.some((message) => {
    if (!isRecord(message)) return false;
    const { finish_reason: reason, parts, content, refusal } = message;
    if (reason === "content_filter" || reason === "refusal" || (typeof refusal === "string" && refusal !== ""))
      return true;
    const all = Array.isArray(parts) ? parts : Array.isArray(content) ? content : [];
    return all.some((part) => isRecord(part) && part.type === "refusal");
  });
}
