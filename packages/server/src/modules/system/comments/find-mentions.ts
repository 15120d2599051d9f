/** A member of the project whom a comment can mention. */
export type Mentionable = { readonly userId: string; readonly name: string; readonly email: string };

const PART_OF_WORD = /[\p{L}\p{N}_]/u;

/**
 * The members that a text mentions: an `@` and a name or an e-mail, which can be in brackets, such as `@Ada Lovelace` or
 * `@[ada@example.com]`. The longest handle that fits counts. If two members have the same name, both are meant.
 */
export function findMentions(text: string, members: readonly Mentionable[]): string[] {
  const handles = members
    .flatMap(({ userId, name, email }) => [name, email].map((handle) => ({ userId, handle: handle.toLowerCase() })))
    .filter(({ handle }) => handle !== "")
    .toSorted((one, other) => other.handle.length - one.handle.length);
  const mentioned = new Set<string>();
  const lower = text.toLowerCase();
  for (let at = lower.indexOf("@"); at >= 0; at = lower.indexOf("@", at + 1)) {
    // The `@` of an address such as ada@example.com begins no mention.
    if (at > 0 && PART_OF_WORD.test(lower[at - 1] ?? "")) continue;
    const start = lower[at + 1] === "[" ? at + 2 : at + 1;
    const fits = (handle: string) => isHandleAt(lower, start, handle);
    const longest = handles.find(({ handle }) => fits(handle))?.handle;
    for (const { userId, handle } of handles) if (handle === longest) mentioned.add(userId);
  }
  return [...mentioned];
}

function isHandleAt(text: string, start: number, handle: string): boolean {
  return text.startsWith(handle, start) && !PART_OF_WORD.test(text[start + handle.length] ?? "");
}
