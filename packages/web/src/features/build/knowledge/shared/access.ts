import { readPrincipals } from "./read-principals.ts";

export const WHO = ["everyone", "some", "nobody"] as const;
export type Who = (typeof WHO)[number];
/** The state of the field: the choice, and the principals as lines. */
export type Access = { readonly who: Who; readonly text: string };

export const PUBLIC: Access = { who: "everyone", text: "" };

/** The field for the principals of a document. */
export function accessOf(principals: readonly string[]): Access {
  if (principals.includes("public")) return PUBLIC;
  return { who: principals.length === 0 ? "nobody" : "some", text: principals.join("\n") };
}

/** The principals that the field stands for, or why they are invalid. */
export function principalsOf({ who, text }: Access): ReturnType<typeof readPrincipals> {
  if (who === "everyone") return { principals: ["public"] };
  if (who === "nobody") return { principals: [] };
  const read = readPrincipals(text, "\n");
  if (read.error !== undefined || read.principals.length > 0) return read;
  return { principals: [], error: "Enter at least one principal, or choose who else finds it." };
}

/** Who finds a document, for a table cell. */
export function accessWords(principals: readonly string[]): string {
  if (principals.includes("public")) return "Everyone";
  const [first, ...rest] = principals;
  if (first === undefined) return "Nobody";
  return rest.length === 0 ? first : `${first} and ${rest.length} more`;
}
