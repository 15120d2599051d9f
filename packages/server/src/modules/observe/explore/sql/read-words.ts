/** A piece of a statement as the engine's formatter writes it, without its text where that is only data. */
export type Word =
  | { readonly kind: "name"; readonly text: string; readonly isQuoted: boolean }
  | { readonly kind: "text" }
  | { readonly kind: "sign"; readonly text: string };

const PIECE = /\s+|'(?:[^'\\]|\\.|'')*'|`((?:[^`\\]|\\.|``)*)`|([\p{L}_][\p{L}\p{N}_$]*)|\d[\p{L}\p{N}_.]*|(.)/gsu;

/** Only for what the formatter wrote: it leaves no comment, no heredoc and no double quotes. */
export function readWords(statement: string): Word[] {
  return [...statement.matchAll(PIECE)].flatMap(([whole, quoted, name, sign]): Word[] => {
    if (quoted !== undefined) return [{ kind: "name", text: quoted, isQuoted: true }];
    if (name !== undefined) return [{ kind: "name", text: name, isQuoted: false }];
    if (sign !== undefined) return [{ kind: "sign", text: sign }];
    return whole.startsWith("'") ? [{ kind: "text" }] : [];
  });
}
