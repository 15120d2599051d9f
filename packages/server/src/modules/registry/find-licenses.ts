import type { ModelVersion } from "@treadle/contract";
import type { RegistryDeps } from "./deps.ts";
import { createBaseStore, type VersionRow } from "./version-store.ts";

type License = Pick<ModelVersion, "license" | "licenseFrom">;
type Below = ReadonlyMap<string, VersionRow>;

/**
 * The licenses of versions and who says so. A person's word wins; what a run made has its base's, since its files only repeat what
 * the base's file says; other files speak for themselves, and for those that do not, their base does.
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

/** The nearest base that has a license of its own is named. */
function ofBase({ baseVersionId, baseRef, baseLicense }: VersionRow, below: Below): License | null {
  const base = below.get(baseVersionId ?? "");
  const { license, licenseFrom } = base ? licenseOf(base, below) : { license: baseLicense, licenseFrom: null };
  return license === null ? null : { license, licenseFrom: { said: "base", base: licenseFrom?.base ?? baseRef } };
}
