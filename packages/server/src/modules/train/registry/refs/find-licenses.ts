import type { ModelVersion } from "@treadle/contract";
import type { RegistryDeps } from "../stores/deps.ts";
import { createBaseStore, type VersionRow } from "../stores/version-store.ts";

type License = Pick<ModelVersion, "license" | "licenseFrom">;
type Below = ReadonlyMap<string, VersionRow>;

/**
 * The licenses of versions and their sources. A person's entry has precedence. A version from a run has its base's
 * license, since its files repeat the base's file. Other versions have their files' license, or else their base's.
 */
export async function findLicenses(
  { db }: Pick<RegistryDeps, "db">,
  projectId: string,
  rows: readonly VersionRow[],
): Promise<(row: VersionRow) => License> {
  const below = new Map<string, VersionRow>();
  let layer = rows;
  while (layer.length > 0) {
    const ids = layer.flatMap(({ license, baseVersionId }) =>
      license === null && baseVersionId ? [baseVersionId] : [],
    );
    layer = await createBaseStore(db).listByIds(
      projectId,
      ids.filter((id) => !below.has(id)),
    );
    for (const row of layer) below.set(row.id, row);
  }
  return (row) => licenseOf(row, below);
}

function licenseOf(row: VersionRow, below: Below): License {
  const { license, facts, runId } = row;
  if (license !== null) return { license, licenseFrom: { said: "person", base: null } };
  const own: License | null =
    facts.license === null ? null : { license: facts.license, licenseFrom: { said: "files", base: null } };
  const fromBase = ofBase(row, below);
  const known = runId === null ? (own ?? fromBase) : (fromBase ?? own);
  return known ?? { license: null, licenseFrom: null };
}

/** Names the nearest base with its own license. */
function ofBase({ baseVersionId, baseRef, baseLicense }: VersionRow, below: Below): License | null {
  const base = below.get(baseVersionId ?? "");
  const { license, licenseFrom } = base ? licenseOf(base, below) : { license: baseLicense, licenseFrom: null };
  return license === null ? null : { license, licenseFrom: { said: "base", base: licenseFrom?.base ?? baseRef } };
}
