import { MAX_PRINCIPALS, Principal } from "@treadle/contract";

type Principals = { readonly principals: readonly string[] /** Why the text is invalid. */; readonly error?: string };

/**
 * Reads principals from a text. Blank parts and repeated names are left out. `separator` is a line end in an editor. In a search
 * field it is a comma.
 */
export function readPrincipals(text: string, separator: "\n" | ","): Principals {
  const names = [...new Set(text.split(separator).map((part) => part.trim()))].filter(Boolean);
  const wrong = names.find((name) => !Principal.safeParse(name).success);
  if (wrong !== undefined)
    return {
      principals: names,
      error: `"${wrong}" is not a principal. Enter public, or a kind and a name such as group:support.`,
    };
  if (names.length > MAX_PRINCIPALS)
    return { principals: names, error: `Enter at most ${MAX_PRINCIPALS} principals. There are ${names.length}.` };
  return { principals: names };
}
