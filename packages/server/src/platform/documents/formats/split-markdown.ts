const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEADING = /^#{1,6}(?:[ \t]|$)/;
/** HTML blocks that may contain blank lines, with their ends (CommonMark 0.31, 4.6). */
const RAW_HTML = [
  { start: /^ {0,3}<(?:script|pre|style|textarea)\b/i, end: /<\/(?:script|pre|style|textarea)>/i },
  { start: /^ {0,3}<!--/, end: /-->/ },
];
const DEFINITION = /^ {0,3}\[[^\]\n^][^\]\n]{0,200}\]:[ \t]*\S.*$/gm;
const MOST_DEFINITIONS = 32 * 1024;

/**
 * Splits a text before headings, into parts that can be parsed one by one: the time and memory of a parser grow faster
 * than the text. Headings in code and in raw HTML do not count. A part is as long as `partChars`, or longer if there
 * is no heading.
 */
export function splitMarkdown(source: string, partChars: number): string[] {
  const parts: string[] = [];
  let start = 0;
  let fence: string | null = null;
  let htmlEnd: RegExp | null = null;
  for (let at = 0; at < source.length; ) {
    const next = source.indexOf("\n", at);
    const line = source.slice(at, next === -1 ? source.length : next);
    if (fence !== null) {
      if (closes(line, fence)) fence = null;
    } else if (htmlEnd === null) {
      fence = FENCE.exec(line)?.[1] ?? null;
      htmlEnd = RAW_HTML.find((html) => html.start.test(line))?.end ?? null;
      if (at - start >= partChars && HEADING.test(line)) {
        parts.push(source.slice(start, at));
        start = at;
      }
    }
    if (htmlEnd?.test(line)) htmlEnd = null;
    at = next === -1 ? source.length : next + 1;
  }
  return [...parts, source.slice(start)];
}

/** A fence ends at a line of at least as many of its characters, and nothing else. */
const closes = (line: string, fence: string) => {
  const end = FENCE.exec(line)?.[1] ?? "";
  return end.startsWith(fence) && line.trim() === end;
};

/** The targets of links, which each part needs to recognize its links. Empty if they are too long to be repeated. */
export function definitionsOf(source: string): string {
  const definitions = (source.match(DEFINITION) ?? []).join("\n");
  return definitions.length > MOST_DEFINITIONS ? "" : definitions;
}
