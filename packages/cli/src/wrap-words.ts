/** What a terminal shows in a line where nobody said otherwise. */
const COLUMNS = 80;

/** A text in lines of at most 80 columns, all but the first set in by `indent`. A longer word stays whole. */
export function wrapWords(text: string, indent = ""): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const room = COLUMNS - (lines.length > 0 ? indent.length : 0);
    if (line !== "" && [...line].length + 1 + [...word].length > room) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${indent}`);
}
