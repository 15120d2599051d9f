/** Rules of a GBNF grammar under construction, and the shared ones for JSON values that it turns out to need. */
export function createRules() {
  const rules = new Map<string, string>();
  let count = 0;

  return {
    /** Adds a rule under a fresh name and returns the name. `prefix` is for people who read the grammar. */
    add(body: string, prefix = "rule") {
      count++;
      const name = `${prefix}-${count}`;
      rules.set(name, body);
      return name;
    },
    /** Takes a name first, for a rule that refers to itself. */
    set(name: string, body: string) {
      rules.set(name, body);
    },
    /** A rule that every grammar has in common, added at its first use. */
    shared(name: keyof typeof SHARED): string {
      if (!rules.has(name)) {
        const { body, needs } = SHARED[name];
        rules.set(name, body);
        for (const other of needs) this.shared(other);
      }
      return name;
    },
    text: () => [...rules].map(([name, body]) => `${name} ::= ${body}`).join("\n"),
  };
}
export type Rules = ReturnType<typeof createRules>;

type Shared = { readonly body: string; readonly needs: readonly SharedName[] };
type SharedName =
  | "value"
  | "object"
  | "array"
  | "string"
  | "char"
  | "number"
  | "integer"
  | "natural"
  | "boolean"
  | "null"
  | "date"
  | "time"
  | "date-time"
  | "uuid";

/**
 * JSON with at most one blank between its parts, so that a weak model cannot lose itself in them. Characters are named by their
 * range, since the engine would take numbers beyond Unicode for characters that are only "not a quote".
 */
const SHARED: Readonly<Record<SharedName, Shared>> = {
  value: {
    body: "object | array | string | number | boolean | null",
    needs: ["object", "array", "string", "number", "boolean", "null"],
  },
  object: {
    body: `"{" (string ":" " "? value ("," " "? string ":" " "? value)*)? "}"`,
    needs: ["string", "value"],
  },
  array: { body: `"[" (value ("," " "? value)*)? "]"`, needs: ["value"] },
  string: { body: String.raw`"\"" char* "\""`, needs: ["char"] },
  char: {
    body: String.raw`[\x20-\x21\x23-\x5B\x5D-\x7E\u00A0-\uD7FF\uE000-\U0010FFFF] | "\\" (["\\/bfnrt] | "u" [0-9a-cefA-CEF] [0-9a-fA-F]{3})`,
    needs: [],
  },
  number: { body: `"-"? natural ("." [0-9]{1,15})? ([eE] [-+]? [0-9]{1,2})?`, needs: ["natural"] },
  integer: { body: `"-"? natural`, needs: ["natural"] },
  natural: { body: `"0" | [1-9] [0-9]{0,14}`, needs: [] },
  boolean: { body: `"true" | "false"`, needs: [] },
  null: { body: `"null"`, needs: [] },
  date: { body: `[0-9]{4} "-" ("0" [1-9] | "1" [0-2]) "-" ("0" [1-9] | "1" [0-9] | "2" [0-8])`, needs: [] },
  time: { body: `([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9] ":" [0-5] [0-9] "Z"`, needs: [] },
  "date-time": { body: `date "T" time`, needs: ["date", "time"] },
  uuid: { body: `[0-9a-f]{8} "-" [0-9a-f]{4} "-4" [0-9a-f]{3} "-" [89ab] [0-9a-f]{3} "-" [0-9a-f]{12}`, needs: [] },
};

export const COLON = `":" " "?`;
export const COMMA = `"," " "?`;

/** A text as a GBNF literal. */
export const literal = (text: string) =>
  `"${text.replace(/[\\"]/g, String.raw`\$&`).replace(/\n/g, String.raw`\n`).replace(/\r/g, String.raw`\r`).replace(/\t/g, String.raw`\t`)}"`;
