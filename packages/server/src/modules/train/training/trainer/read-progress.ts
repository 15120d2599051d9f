import { z } from "zod";

const Line = z.object({ progress: z.object({ done: z.number(), total: z.number(), message: z.string() }) });

/** The progress of a trainer command, from a line of its output. Null for other lines. */
export function readProgress(line: string): z.output<typeof Line>["progress"] | null {
  if (!line.startsWith('{"progress"')) return null;
  try {
    return Line.safeParse(JSON.parse(line)).data?.progress ?? null;
  } catch {
    return null;
  }
}
