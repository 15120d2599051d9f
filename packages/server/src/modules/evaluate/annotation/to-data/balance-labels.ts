import type { Item } from "@treadle/contract";

/** Training is balanced if both labels have equal total weight, or the desirable label up to a third more. */
const MOST = 4 / 3;

/**
 * The frequency of each label of KTO rows, and weights for which (wanted × desirable) / (unwanted × undesirable) is
 * from 1 to 4/3, as in the paper of Ethayarajh et al. (2024). Null if there are no such rows.
 */
export function balanceLabels(rows: readonly Item[]) {
  const labels = rows.flatMap(({ expected }) =>
    typeof expected === "object" && expected !== null && "label" in expected && typeof expected.label === "boolean"
      ? [expected.label]
      : [],
  );
  if (labels.length === 0) return null;
  const wanted = labels.filter(Boolean).length;
  const unwanted = labels.length - wanted;
  return { wanted, unwanted, ...weightsOf(wanted, unwanted) };
}

function weightsOf(wanted: number, unwanted: number) {
  if (wanted === 0 || unwanted === 0) return { desirableWeight: 1, undesirableWeight: 1 };
  const share = wanted / unwanted;
  if (share < 1) return { desirableWeight: unwanted / wanted, undesirableWeight: 1 };
  return { desirableWeight: 1, undesirableWeight: share > MOST ? share / MOST : 1 };
}
