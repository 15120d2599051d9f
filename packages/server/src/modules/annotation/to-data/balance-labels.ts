import type { Item } from "@treadle/contract";

/** Where both labels weigh as much as each other, or the wanted one up to a third more, training keeps its balance. */
const MOST = 4 / 3;

/**
 * How often each label of KTO rows occurs, and weights with which (wanted × desirable) / (unwanted × undesirable) lies from 1 to 4/3, as
 * the paper of Ethayarajh and others (2024) has it; null when there are no such rows.
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
