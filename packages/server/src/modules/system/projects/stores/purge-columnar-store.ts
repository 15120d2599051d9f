import { z } from "zod";
import type { Columnar } from "../../../../platform/columnar/port.ts";

const TABLES = [
  "spans",
  "scores",
  "span_contents",
  "feedback",
  "dataset_rows",
  "deleted_traces",
  "spend_entries",
  "unit_pasts",
  "monitor_points",
] as const;
/** Where rows may name an object. */
const TEXTS = {
  spans: [
    ...["input", "output", "events", "parameters", "attempts"],
    ...["arrayStringConcat(mapValues(attributes), ' ')", "arrayStringConcat(mapValues(metadata), ' ')"],
  ],
  span_contents: ["body", "attributes"],
} as const;

const Row = z.object({ sha256: z.string() });

/** A project's data in the columnar store. */
export const createPurgeColumnarStore = (columnar: Columnar) => {
  async function list(projectId: string, isOwn: boolean): Promise<Set<string>> {
    const hashes = new Set<string>();
    for (const [table, texts] of Object.entries(TEXTS)) {
      // Whatever looks like a SHA-256: one too many costs a look-up, one too few would delete what another project uses.
      const text = `concat(${texts.join(", ' ', ")})`;
      const rows = await columnar.select({
        sql: `SELECT DISTINCT arrayJoin(extractAll(${text}, '[0-9a-f]{64}')) AS sha256 FROM ${table}
          WHERE project_id ${isOwn ? "=" : "!="} {projectId:String}`,
        params: { projectId },
        row: Row,
      });
      for (const { sha256 } of rows) hashes.add(sha256);
    }
    return hashes;
  }
  return {
    /** The objects that its spans name. */
    listObjects: (projectId: string) => list(projectId, true),
    /** The objects that spans of other projects name. */
    listObjectsElsewhere: (projectId: string) => list(projectId, false),
    /** Ends when the rows are gone. */
    async delete(projectId: string, signal: AbortSignal): Promise<void> {
      for (const table of TABLES) {
        signal.throwIfAborted();
        await columnar.command(
          `ALTER TABLE ${table} DELETE WHERE project_id = {projectId:String} SETTINGS mutations_sync = 1`,
          { projectId },
        );
      }
    },
  };
};
