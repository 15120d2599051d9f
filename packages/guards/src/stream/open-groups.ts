/** Words of numbers, such as the groups of a card or of an IBAN: they have a digit, are at most four capitals, or divide groups. */
const GROUP = /^(?:\S*\d\S*|[A-Z]{1,4}|[()./-]{1,3})$/;
const REACH = 256;
const WORDS = /\S+/g;

/**
 * The place from which more text can still extend a number in groups, an address or a token: the start of the last word, and of
 * the groups of digits before it. The length of the text if its end is neither.
 */
export function openGroups(text: string): number {
  const from = Math.max(0, text.length - REACH);
  const words = [...text.slice(from).matchAll(WORDS)].map(({ 0: word, index }) => ({ word, start: from + index }));
  // The last word is open as long as nothing separates it from the text that follows.
  const whole = words.length > 0 && !/\s$/.test(text) ? words.length - 1 : words.length;
  let open = whole;
  while (open > 0 && GROUP.test(words[open - 1]?.word ?? "")) open--;
  // Capitals alone begin nothing: the first group has a digit.
  while (open < whole && !/\d/.test(words[open]?.word ?? "")) open++;
  return words[open]?.start ?? text.length;
}
