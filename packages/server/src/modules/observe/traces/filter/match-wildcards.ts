import { splitFilterPattern } from "@treadle/contract";

/** Whether a filter's pattern, with its asterisks, matches a whole text. Takes time that grows with the text only. */
export function matchesPattern(text: string, pattern: string): boolean {
  const [first = "", ...rest] = splitFilterPattern(pattern);
  const last = rest.pop();
  if (last === undefined) return text === first;
  const end = text.length - last.length;
  if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  const middleEnd = findInOrder(text, { parts: rest, from: first.length });
  return middleEnd !== -1 && middleEnd <= end;
}

/** Whether a filter's pattern matches a part of a text, in any letter case. Takes time that grows with the text only. */
export function containsPattern(text: string, pattern: string): boolean {
  return findInOrder(text.toLowerCase(), { parts: splitFilterPattern(pattern.toLowerCase()), from: 0 }) !== -1;
}

/** The place after the last part, each part as far left as it can be; -1 if one is missing. */
function findInOrder(text: string, { parts, from }: { readonly parts: readonly string[]; readonly from: number }) {
  let place = from;
  for (const part of parts) {
    const at = text.indexOf(part, place);
    if (at === -1) return -1;
    place = at + part.length;
  }
  return place;
}
