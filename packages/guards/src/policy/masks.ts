/** A placeholder such as `<EMAIL_1>`, and the value that it stands for. */
export type MaskEntry = { readonly placeholder: string; readonly kind: string; readonly value: string };

const PLACEHOLDER = /<[A-Z][A-Z0-9_]{0,39}_\d{1,6}>/g;
/** The end of a text that can still become a placeholder. */
const BEGUN = /<(?:[A-Z][A-Z0-9_]{0,46})?$/;

/** The name of a kind within a placeholder: `github-token` gives `GITHUB_TOKEN`. */
export const markOf = (kind: string): string =>
  kind
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, "_")
    .slice(0, 39);

/** Replaces values by placeholders that can be put back. Within one map a value always has the same placeholder. */
export function createMasks(stored: readonly MaskEntry[] = []) {
  const byValue = new Map(stored.map((entry) => [`${entry.kind}\n${entry.value}`, entry]));
  const byPlaceholder = new Map(stored.map((entry) => [entry.placeholder, entry]));
  const counts = new Map<string, number>();
  for (const { kind } of stored) counts.set(markOf(kind), (counts.get(markOf(kind)) ?? 0) + 1);

  return {
    placeholderOf(kind: string, value: string): string {
      const existing = byValue.get(`${kind}\n${value}`);
      if (existing) return existing.placeholder;
      const mark = markOf(kind);
      const number = (counts.get(mark) ?? 0) + 1;
      counts.set(mark, number);
      const entry = { placeholder: `<${mark}_${number}>`, kind, value };
      byValue.set(`${kind}\n${value}`, entry);
      byPlaceholder.set(entry.placeholder, entry);
      return entry.placeholder;
    },
    /** The text with the values instead of their placeholders. An unknown placeholder stays. */
    restore: (text: string): string =>
      byPlaceholder.size === 0 || !text.includes("<")
        ? text
        : text.replaceAll(PLACEHOLDER, (placeholder) => byPlaceholder.get(placeholder)?.value ?? placeholder),
    entries: (): readonly MaskEntry[] => [...byPlaceholder.values()],
    size: () => byPlaceholder.size,
  };
}
export type Masks = ReturnType<typeof createMasks>;

/** Restores a text that arrives in pieces. It holds back only what can still become a placeholder. */
export function createRestorer(masks: Pick<Masks, "restore">) {
  let held = "";
  return {
    push(piece: string): string {
      const text = held + piece;
      const open = BEGUN.exec(text)?.index ?? text.length;
      held = text.slice(open);
      return masks.restore(text.slice(0, open));
    },
    flush(): string {
      const text = held;
      held = "";
      return masks.restore(text);
    },
  };
}
