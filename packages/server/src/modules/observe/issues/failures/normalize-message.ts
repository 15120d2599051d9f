/** Longer messages are cut: the beginning names the cause. */
const MOST_READ = 2_000;
const MOST_KEPT = 300;

/** What differs between occurrences of one cause, and its placeholder, in order: an earlier pattern protects a later one. */
const VARIABLE: readonly (readonly [RegExp, string])[] = [
  [/\b[a-z][a-z0-9+.-]{1,15}:\/\/[^\s"'`<>)\]]+/gi, "<url>"],
  [/[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+/g, "<email>"],
  [/\b\d{4}-\d\d-\d\d(?:[t ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:z|[+-]\d\d:?\d\d)?)?/gi, "<time>"],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "<id>"],
  [/\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b/g, "<ip>"],
  [
    /"(?:[^"\\\n]|\\.){0,500}"|`[^`\n]{0,500}`|“[^”\n]{0,500}”|(?<![\p{L}\p{N}])'[^'\n]{0,500}'(?![\p{L}\p{N}])/gu,
    "<text>",
  ],
  [/\b(?=[a-z0-9]*\d)[a-z0-9]{0,20}[_-](?=[\w-]*\d)[\w-]{6,80}\b/gi, "<id>"],
  [/\b[a-z]{2,12}_(?=\w*\d)\w{6,80}\b/gi, "<id>"],
  [/\b(?:0x[0-9a-f]+|(?=[0-9a-f]*\d)[0-9a-f]{8,128})\b/gi, "<id>"],
  [/\b(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{10,128}\b/gi, "<id>"],
  [/\b(?=[a-z0-9]*\d[a-z])(?=[a-z0-9]*[a-z]\d)[a-z0-9]{4,128}\b/gi, "<id>"],
  [/[-+]?\b\d+(?:[.,:]\d+)*/g, "<n>"],
];

/** The template of a message: without ids, numbers, times, addresses and quotes, so that occurrences of one cause are equal. */
export function normalizeMessage(message: string): string {
  let text = message.slice(0, MOST_READ).toWellFormed().replaceAll("\0", " ");
  for (const [pattern, placeholder] of VARIABLE) text = text.replace(pattern, placeholder);
  return text
    .replace(/(?:<n>[\s,;/]*){2,}/g, "<n> ")
    .replace(/\s+/g, " ")
    .trim()
    .toLowerCase()
    .slice(0, MOST_KEPT)
    .trim();
}
