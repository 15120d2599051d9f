/** Words of numbers, such as the groups of a card or of an IBAN: they have a digit, are at most four capitals, or divide groups. */
const GROUP = /^(?:[A-Z]{1,4}|[()./-]{1,3})$/;
const DIGIT = /\d/;
const REACH = 256;
const isSpace = (text: string, place: number) => text.charCodeAt(place) <= 32 || /\s/.test(text.charAt(place));

/** The word that ends at a place, or before the spaces before it. */
function wordBefore(text: string, place: number, first: number) {
  let end = place;
  while (end > first && isSpace(text, end - 1)) end--;
  let start = end;
  while (start > first && !isSpace(text, start - 1)) start--;
  return { start, word: text.slice(start, end) };
}

/**
 * The place from which more text can still extend a number in groups, an address or a token: the start of the last word, and of
 * the groups of digits before it. The length of the text if its end is neither.
 */
export function openGroups(text: string): number {
  const first = Math.max(0, text.length - REACH);
  const isWordOpen = text.length > 0 && !isSpace(text, text.length - 1);
  let place = isWordOpen ? wordBefore(text, text.length, first).start : text.length;
  // Capitals alone begin nothing: the first group has a digit.
  let open = place;
  while (place > first) {
    const { start, word } = wordBefore(text, place, first);
    const hasDigit = DIGIT.test(word);
    if (!hasDigit && !GROUP.test(word)) break;
    if (hasDigit) open = start;
    place = start;
  }
  return open;
}
