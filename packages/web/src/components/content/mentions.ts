/** A member whom a comment can mention. */
export type Person = { readonly userId: string; readonly name: string; readonly email: string };

const MOST_MATCHES = 8;
const LONGEST_WORD = 60;

/** The mention that is being typed before the caret: an `@` at the start of a word and the text after it. */
export function partialMention(text: string, caret: number): { start: number; word: string } | null {
  const before = text.slice(Math.max(0, caret - LONGEST_WORD), caret);
  const at = before.lastIndexOf("@");
  if (at < 0 || (at > 0 && /[\p{L}\p{N}_]/u.test(before[at - 1] ?? ""))) return null;
  const word = before.slice(at + 1).replace(/^\[/, "");
  return word.includes("\n") ? null : { start: caret - before.length + at, word };
}

/** The members whose name, last name or e-mail begins with a word. */
export function matchPeople(people: readonly Person[], word: string): Person[] {
  const start = word.toLowerCase();
  const isMatch = ({ name, email }: Person) => {
    const texts = [name, ...name.split(/\s+/).slice(1), email].map((text) => text.toLowerCase());
    return texts.some((text) => text.startsWith(start) && text !== start.trim());
  };
  return people.filter(isMatch).slice(0, MOST_MATCHES);
}

type Place = { readonly start: number; readonly caret: number };

/** Puts a mention in place of what was typed. Members with the same name are mentioned by e-mail. */
export function insertMention(text: string, { start, caret }: Place, { name, email }: Person) {
  const handle = `@${name || email} `;
  return { text: text.slice(0, start) + handle + text.slice(caret), caret: start + handle.length };
}
