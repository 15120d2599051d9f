import { defined, type Measured, signatureOf, undefinedBecause } from "../measured.ts";
import { NOTHING_TO_COMPARE, pairable, type Units } from "./units.ts";

/** The share of pairs of ratings that are equal, averaged over the units that have one: agreement, chance left in. */
export function rawAgreement(units: Units): Measured {
  const signature = signatureOf("raw_agreement", { over: "units" });
  const rated = pairable(units);
  if (rated.length === 0) return undefinedBecause(NOTHING_TO_COMPARE, signature);
  const shares = rated.map((ratings) => {
    const counts = new Map<string | number, number>();
    for (const rating of ratings) counts.set(rating, (counts.get(rating) ?? 0) + 1);
    const equal = Array.from(counts.values()).reduce((sum, count) => sum + count * (count - 1), 0);
    return equal / (ratings.length * (ratings.length - 1));
  });
  return defined(shares.reduce((sum, share) => sum + share, 0) / shares.length, signature);
}
