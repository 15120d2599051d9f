const SPREAD = 2 ** 32;

/**
 * 32 bits of a unit: FNV-1a, applied to its own result as text, as GrowthBook's second version does. Once alone, FNV-1a
 * gives the same unit related buckets under related salts.
 */
export const hashUnit = (salt: string, unit: string): number => fnv1a(String(fnv1a(salt + unit)));

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let place = 0; place < text.length; place += 1) hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193);
  return hash >>> 0;
}

/** Where a unit lies under this salt, from 0 to 1. */
export const bucketOf = (salt: string, unit: string): number => hashUnit(salt, unit) / SPREAD;
