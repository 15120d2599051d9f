import type { Block, ParsedText } from "./parsed-text.ts";

/** A heading and what follows it until the next heading of any level. */
export type Section = {
  /** The headings above its text, its own last; empty before the first heading. */
  readonly headingPath: readonly string[];
  /** How many earlier sections have the same path. */
  readonly occurrence: number;
  /** The level of its heading; 0 before the first heading. */
  readonly level: number;
  /** From the heading to the end of the last visible block. UTF-16 offsets in the canonical text; the end is exclusive. */
  readonly start: number;
  readonly end: number;
  /** Visible and hidden blocks; the heading first. */
  readonly blocks: readonly Block[];
  /** Whether nothing but the heading is visible. */
  readonly isHeadingOnly: boolean;
};

const isVisible = ({ isHidden, start, end }: Block): boolean => isHidden !== true && start < end;
const isHeading = (block: Block): boolean => block.kind === "heading" && isVisible(block);
const MOST_LEVELS = 9;

/** The outline of a document. A hidden heading starts no section. */
export function sectionsOf({ text, blocks }: ParsedText): readonly Section[] {
  const counts = new Map<string, number>();
  const path: { level: number; title: string }[] = [];
  return splitAtHeadings(blocks).flatMap((group) => {
    const visible = group.filter(isVisible);
    const [first] = visible;
    const last = visible.at(-1);
    if (!(first && last)) return [];
    const level = isHeading(first) ? Math.min(Math.max(first.level ?? 1, 1), MOST_LEVELS) : 0;
    if (level > 0) {
      while ((path.at(-1)?.level ?? 0) >= level) path.pop();
      path.push({ level, title: titleOf(text, first) });
    }
    const headingPath = path.map(({ title }) => title).filter((title) => title !== "");
    const key = JSON.stringify(headingPath);
    const occurrence = counts.get(key) ?? 0;
    counts.set(key, occurrence + 1);
    const isHeadingOnly = level > 0 && visible.slice(1).every(({ start, end }) => text.slice(start, end).trim() === "");
    return [{ headingPath, occurrence, level, start: first.start, end: last.end, blocks: group, isHeadingOnly }];
  });
}

function splitAtHeadings(blocks: readonly Block[]): Block[][] {
  const groups: Block[][] = [];
  for (const block of blocks) {
    const group = groups.at(-1);
    if (group && !isHeading(block)) group.push(block);
    else groups.push([block]);
  }
  return groups;
}

const titleOf = (text: string, { start, end }: Block): string =>
  text
    .slice(start, end)
    .replace(/^[ \t]{0,3}#{1,6}[ \t]+/, "")
    .replace(/[ \t]+#+[ \t]*$/, "")
    .replace(/\s+/g, " ")
    .trim();

/**
 * Sections with headings that have no text before the next, lower heading joined to that section, so that no chunk is a lone heading.
 * A heading without lower headings stays alone.
 */
export function joinLoneHeadings(sections: readonly Section[]): readonly Section[] {
  const joined: Section[] = [];
  let waiting: readonly Block[] = [];
  for (const [place, section] of sections.entries()) {
    const next = sections[place + 1];
    const blocks = [...waiting, ...section.blocks];
    if (section.isHeadingOnly && next && next.level > section.level && section.blocks.every(isVisible))
      waiting = blocks;
    else {
      joined.push({ ...section, start: blocks[0]?.start ?? section.start, blocks });
      waiting = [];
    }
  }
  return joined;
}
