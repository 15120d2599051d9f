/**
 * Where a JSON value first holds half of a surrogate pair, as a path such as `body.items[3].text`; null when it holds none.
 * The value is as shallow as what `scanJson` lets through.
 */
export function findHalfPair(value: unknown, path: string): string | null {
  if (typeof value === "string") return value.isWellFormed() ? null : path;
  if (typeof value !== "object" || value === null) return null;
  for (const [key, child] of Object.entries(value)) {
    if (!key.isWellFormed()) return `A key of ${path}`;
    const halfPair = findHalfPair(child, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key.slice(0, MAX_KEY)}`);
    if (halfPair !== null) return halfPair;
  }
  return null;
}

const MAX_KEY = 100;
