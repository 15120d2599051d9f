import type { EncodedRows } from "../../../../platform/spool/port.ts";
import type { FeedbackDeps } from "../stores/deps.ts";

/** The maximum bytes per spool write, unless one call has more. The rest waits for the next write. */
const MOST_LINES = 2_000;
const MOST_CHARACTERS = 2 * 1024 * 1024;
/** A record holds a few hundred kilobytes at most, unless one line is longer. */
const RECORD_CHARACTERS = 256 * 1024;
/** After an append of so many lines the next waits for company: a sync costs as much as keeping several lines does. */
const MANY_LINES = 8;
const LONGEST_GATHER_MS = 2;

/** Lines that go into the spool together, and what all who gave them wait for. */
type Group = {
  readonly lines: string[];
  characters: number;
  readonly kept: PromiseWithResolvers<readonly EncodedRows[]>;
};

/**
 * Appends rows, as lines of JSON, to the spool. Rows that arrive during an append share the next one, as one record
 * instead of many.
 */
export function createAppendTogether(spool: Pick<FeedbackDeps["spool"], "appendLines">, table: string) {
  const waiting: Group[] = [];
  let isAppending = false;
  /** Waiting callers, with their number of lines. */
  let gathering: { readonly enough: number; readonly goOn: () => void } | null = null;

  const hasGathered = (enough: number) => (waiting[0]?.lines.length ?? 0) >= enough;

  async function run(): Promise<void> {
    for (let group = waiting.shift(); group; group = waiting.shift()) {
      const records = toRecords(table, group.lines);
      await spool.appendLines(records).then(() => group.kept.resolve(records), group.kept.reject);
      if (group.lines.length >= MANY_LINES) await gather(group.lines.length);
    }
    isAppending = false;
  }

  /** For as many as were just written: those who gave them may come again, and the others were worked on meanwhile. */
  async function gather(enough: number): Promise<void> {
    if (hasGathered(enough)) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, LONGEST_GATHER_MS);
      gathering = {
        enough,
        goOn() {
          gathering = null;
          clearTimeout(timer);
          resolve();
        },
      };
    });
    gathering = null;
  }

  /** The newest group, or another one when these lines would make it too large. */
  function groupFor(count: number, characters: number): Group {
    const newest = waiting.at(-1);
    const hasRoom = newest && newest.lines.length + count <= MOST_LINES;
    if (hasRoom && newest.characters + characters <= MOST_CHARACTERS) return newest;
    const group: Group = { lines: [], characters: 0, kept: Promise.withResolvers() };
    waiting.push(group);
    return group;
  }

  /** Resolves once the lines are on disk, with all that went there together. */
  return function append(lines: readonly string[]): Promise<readonly EncodedRows[]> {
    const characters = lines.reduce((sum, { length }) => sum + length, 0);
    const group = groupFor(lines.length, characters);
    for (const line of lines) group.lines.push(line);
    group.characters += characters;
    if (gathering && hasGathered(gathering.enough)) gathering.goOn();
    if (!isAppending) {
      isAppending = true;
      // After this turn, so that all requests that were read in it are one write.
      setImmediate(() => void run());
    }
    return group.kept.promise;
  };
}

function toRecords(table: string, lines: readonly string[]): EncodedRows[] {
  const records: EncodedRows[] = [];
  for (let from = 0, to = 0; from < lines.length; from = to) {
    let characters = 0;
    while (to < lines.length && (to === from || characters < RECORD_CHARACTERS)) characters += lines[to++]?.length ?? 0;
    records.push({ table, lines: encode(lines.slice(from, to).join("\n")), rows: to - from });
  }
  return records;
}

/** In separate memory, so that retaining it retains nothing else. */
function encode(text: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}
