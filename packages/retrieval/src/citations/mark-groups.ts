import type { Span } from "../text/sentences.ts";
import { type Mark, markAt, opensMark } from "./marks.ts";

/** A mark in its sentence. */
export type PlacedMark = Mark & {
  /** The separator before it, where it follows a mark of the same group; else its own start. */
  readonly leadStart: number;
  readonly isFirstOfGroup: boolean;
  /** The numbers of all marks of its group. */
  readonly groupNumbers: readonly number[];
  /** The text between the group before and this group, or from the start of the sentence. */
  readonly clause: Span;
};

const SEPARATOR = /[,; \t]{0,3}/y;

/** Reads the groups of marks of a sentence that starts at a place. */
export function createMarkGroups(text: string, lineStart: number, isEnd: boolean) {
  const marks: PlacedMark[] = [];
  let groupEnd = lineStart;

  return {
    marks: (): readonly PlacedMark[] => marks,
    /** Reads marks that follow each other at a place: the end of the last, `pending`, or null where no mark starts. */
    read(start: number): number | "pending" | null {
      const markBefore = marks.at(-1)?.end ?? -1;
      const clause = { start: groupEnd, end: start };
      const group = readGroup(text, start, { isEnd, lineStart, markBefore, clause });
      if (group === "pending") return "pending";
      const last = group.at(-1);
      if (last === undefined) return null;
      const groupNumbers = [...new Set(group.flatMap(({ numbers }) => numbers))];
      marks.push(...group.map((mark) => ({ ...mark, groupNumbers })));
      groupEnd = last.end;
      return groupEnd;
    },
    /** Returns a function that forgets the groups that are read after this call. */
    save(): () => void {
      const before = { count: marks.length, groupEnd };
      return () => {
        marks.length = before.count;
        groupEnd = before.groupEnd;
      };
    },
  };
}
export type MarkGroups = ReturnType<typeof createMarkGroups>;

type GroupMark = Omit<PlacedMark, "groupNumbers">;
type GroupStart = {
  readonly isEnd: boolean;
  readonly lineStart: number;
  /** The end of the mark before the group, or −1. */
  readonly markBefore: number;
  readonly clause: Span;
};

/** The marks that follow each other from a place on, or `pending` where more text may add a mark. */
function readGroup(text: string, start: number, { clause, markBefore, ...line }: GroupStart): GroupMark[] | "pending" {
  const group: GroupMark[] = [];
  let leadStart = start;
  for (let place = start; ; place = afterSeparator(text, leadStart)) {
    const isFirstOfGroup = group.length === 0;
    if (!isFirstOfGroup && place === text.length && !line.isEnd) return "pending";
    const around = { ...line, markBefore: group.at(-1)?.end ?? markBefore };
    const mark = opensMark(text[place] ?? "") ? markAt(text, place, around) : null;
    if (mark === "pending") return "pending";
    if (mark === null) return group;
    group.push({ ...mark, leadStart: isFirstOfGroup ? place : leadStart, isFirstOfGroup, clause });
    leadStart = mark.end;
  }
}

function afterSeparator(text: string, place: number): number {
  SEPARATOR.lastIndex = place;
  return place + (SEPARATOR.exec(text)?.[0].length ?? 0);
}
