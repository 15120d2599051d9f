import type { OpenApiDocument } from "./document.ts";

/** How many levels of a part are spread over lines; whatever is below is one line. */
const LEVELS: Readonly<Record<string, number>> = { paths: 2, components: 2, tags: 1, "x-tagGroups": 1 };

/** The document as text with one operation or component per line, so that a change of one shows as one changed line. */
export function writeOpenApi(document: OpenApiDocument): string {
  const parts = Object.entries(document).map(
    ([name, part]) => `${JSON.stringify(name)}: ${write(part, LEVELS[name] ?? 0)}`,
  );
  return `{\n${parts.join(",\n")}\n}\n`;
}

function write(value: unknown, levels: number): string {
  if (levels === 0 || typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[\n${value.map((item) => write(item, levels - 1)).join(",\n")}\n]`;
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${write(item, levels - 1)}`);
  return `{\n${entries.join(",\n")}\n}`;
}
