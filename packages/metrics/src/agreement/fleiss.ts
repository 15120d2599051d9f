import { sortedLabels } from "../classification/labels.ts";
import { defined, type Measured, signatureOf, undefinedBecause } from "../measured.ts";
import { given, type Units } from "./units.ts";

/** Fleiss' κ of units that all have the same number of ratings, from any raters. */
export function fleissKappa(units: Units): Measured {
  const rated = units.map(given);
  const labels = sortedLabels(rated.flat());
  return fleissKappaOfCounts(
    rated.map((ratings) => labels.map((label) => ratings.filter((one) => one === label).length)),
  );
}

/** Fleiss' κ of a table with a row for each unit and a column for each label: how many raters said that label of it. */
export function fleissKappaOfCounts(table: readonly (readonly number[])[]): Measured {
  const signature = signatureOf("fleiss_kappa");
  const sizes = table.map((row) => row.reduce((sum, count) => sum + count, 0));
  const raters = sizes[0] ?? 0;
  if (raters < 2) return undefinedBecause("The units need at least two ratings each.", signature);
  const odd = sizes.findIndex((size) => size !== raters);
  if (odd >= 0) {
    const reason = `Unit ${odd} has ${sizes[odd]} ratings and unit 0 has ${raters}. Krippendorff's alpha takes both.`;
    return undefinedBecause(reason, signature);
  }
  const columns = (table[0] ?? []).map((_, at) => table.reduce((sum, row) => sum + (row[at] ?? 0), 0));
  const chance = columns.reduce((sum, count) => sum + (count / (table.length * raters)) ** 2, 0);
  if (columns.filter((count) => count > 0).length === 1) {
    return undefinedBecause("Every rating is the same, so no chance is left to agree by.", signature);
  }
  const within = table.map((row) => {
    return (row.reduce((sum, count) => sum + count * count, 0) - raters) / (raters * (raters - 1));
  });
  const observed = within.reduce((sum, share) => sum + share, 0) / table.length;
  return defined((observed - chance) / (1 - chance), signature);
}
