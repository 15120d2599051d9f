/** A text of a stored span by the path of a finding, such as `input.0.parts.0.content`; undefined if it is not there. */
export const textAt = (span: { readonly input: unknown; readonly output: unknown }, path: string): string | undefined =>
  find({ input: span.input, output: span.output }, path);

function find(value: unknown, path: string): string | undefined {
  if (path === "") return typeof value === "number" ? String(value) : typeof value === "string" ? value : undefined;
  // The arguments of a tool are stored as JSON in a text.
  const held = typeof value === "string" ? parsed(value) : value;
  if (typeof held !== "object" || held === null) return undefined;
  // A name of a field can have a dot too.
  for (const [name, field] of Object.entries(held)) {
    if (path !== name && !path.startsWith(`${name}.`)) continue;
    const text = find(field, path.slice(name.length + 1));
    if (text !== undefined) return text;
  }
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const AROUND = 160;

/** A finding with the text on each side of it; undefined if the text is shorter than the finding's place. */
export function excerptOf(text: string, { start, end }: { readonly start: number; readonly end: number }) {
  if (end > text.length) return undefined;
  return {
    before: `${start > AROUND ? "…" : ""}${text.slice(Math.max(0, start - AROUND), start)}`,
    finding: text.slice(start, end),
    after: `${text.slice(end, end + AROUND)}${end + AROUND < text.length ? "…" : ""}`,
  };
}
