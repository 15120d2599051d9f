/** The lines with which mail programs introduce the message that they quote, in common languages. */
const INTRODUCTIONS = [
  /^On\b.{1,200}\bwrote\s*:$/i,
  /^Am\b.{1,200}\bschrieb\b.{0,200}:$/i,
  /^Le\b.{1,200}\ba écrit\s*:$/i,
  /^El\b.{1,200}\bescribió\s*:$/i,
  /^Em\b.{1,200}\bescreveu\s*:$/i,
  /^Il\b.{1,200}\bha scritto\s*:$/i,
  /^Op\b.{1,200}\b(?:schreef|heeft)\b.{0,200}:$/i,
  /^(?:Den|På)\b.{1,200}\b(?:skrev|kirjoitti)\b.{0,200}:$/i,
  /^W dniu\b.{1,200}\bnapisał\(?a?\)?\s*:$/i,
  /^.{1,200}(?:写道|のメール|さんは書きました)\s*[::]$/,
  /^-{2,}\s*(?:Original Message|Ursprüngliche Nachricht|Message d'origine|Mensaje original|Mensagem original|Messaggio originale|Oorspronkelijk bericht|Forwarded message)\s*-{2,}$/i,
  /^_{20,}$/,
];
const LONGEST = 400;
const MOST_LINES = 3;

/**
 * The text of a message without the messages that it quotes: lines that start with ">", and the line that introduces
 * them. Where a program quotes without marks, everything after the introduction is the quoted message. A message that
 * only quotes remains whole.
 */
export function withoutQuotes(text: string): string {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  const own: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (isQuoted(line)) continue;
    const length = introductionLength(lines, at);
    if (length === 0) {
      own.push(line);
      continue;
    }
    if (!lines.slice(at + length).some(isQuoted)) break;
    at += length - 1;
  }
  const rest = own.join("\n");
  return rest.trim() === "" ? text : rest;
}

const isQuoted = (line: string) => /^\s{0,3}>/.test(line);

/** How many lines from `at` introduce a quoted message: programs break long introductions. */
function introductionLength(lines: readonly string[], at: number): number {
  let joined = "";
  for (let length = 1; length <= MOST_LINES; length++) {
    const line = lines[at + length - 1];
    if (line === undefined || line.trim() === "" || isQuoted(line)) return 0;
    joined = `${joined} ${line.trim()}`.trim();
    if (joined.length > LONGEST) return 0;
    if (INTRODUCTIONS.some((introduction) => introduction.test(joined))) return length;
  }
  return 0;
}
