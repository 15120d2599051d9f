import { and, eq } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { DriftItem, DriftSide } from "../analysis/drift-item.ts";
import { fromBase64, packVectors, toBase64, unpackVectors } from "../analysis/pack-vectors.ts";
import { driftVectors } from "./schema.ts";

/** Vectors of texts by `keyOf`. */
export type KnownVectors = ReadonlyMap<string, ArrayLike<number>>;

/** The call of a text. Texts of a dataset share the empty key, which has no vector. */
export const keyOf = ({ traceId, spanId }: Pick<DriftItem, "traceId" | "spanId">): string =>
  traceId === null ? "" : `${traceId} ${spanId}`;

/** The vectors of a watch's last run, so that the next run embeds only the texts of its day. */
export const createVectorStore = (db: Postgres) => ({
  async findVectors(projectId: string, watchId: string): Promise<KnownVectors> {
    const [row] = await db
      .select()
      .from(driftVectors)
      .where(and(eq(driftVectors.projectId, projectId), eq(driftVectors.watchId, watchId)));
    if (!row) return new Map();
    const vectors = unpackVectors(fromBase64(row.vectors, row.vectorSize));
    return new Map(row.keys.map((key, at) => [key, vectors[at] ?? []]));
  },

  /** Replaces the stored vectors of a watch. */
  async storeVectors(projectId: string, watchId: string, sides: readonly DriftSide[]): Promise<void> {
    const byKey = new Map<string, ArrayLike<number>>();
    for (const { items, vectors } of sides) {
      const rows = unpackVectors(vectors);
      for (const [at, item] of items.entries()) byKey.set(keyOf(item), rows[at] ?? []);
    }
    const packed = packVectors([...byKey.values()]);
    const row = { keys: [...byKey.keys()], vectorSize: packed.size, vectors: toBase64(packed) };
    await db
      .insert(driftVectors)
      .values({ projectId, watchId, ...row })
      .onConflictDoUpdate({ target: driftVectors.watchId, set: row });
  },
});
