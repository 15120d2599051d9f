/** The part of the tree that a file belongs to: allowed findings move within it only. */
const partOf = (path) => /^packages\/[^/]+/.exec(path)?.[0] ?? "docs";

/**
 * The allowed counts per file, lowered to the counts there are. A count never rises. A file that was moved takes over what
 * was allowed to files that are gone from the same package, as far as that goes.
 */
export function lowerAllowance(allowed, counts, exists) {
  const lowered = {};
  const released = {};
  for (const [path, most] of Object.entries(allowed)) {
    if (exists(path)) lowered[path] = Math.min(most, counts[path] ?? 0);
    else released[partOf(path)] = (released[partOf(path)] ?? 0) + most;
  }
  for (const [path, count] of Object.entries(counts)) {
    if (path in lowered) continue;
    const part = partOf(path);
    lowered[path] = Math.min(count, released[part] ?? 0);
    released[part] = (released[part] ?? 0) - lowered[path];
  }
  return Object.fromEntries(
    Object.entries(lowered)
      .filter(([, count]) => count > 0)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
