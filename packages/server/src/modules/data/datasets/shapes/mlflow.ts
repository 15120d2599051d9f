import { isRecord } from "../../../../kernel/is-record.ts";
import type { Row } from "../files/row.ts";
import { readExtraFields, readId, writeExtraFields } from "./extra-fields.ts";
import { jsonIn } from "./json-cell.ts";
import { refuse, type Shape } from "./shape.ts";

const OWN: ReadonlySet<string> = new Set(["inputs", "expectations", "dataset_record_id"]);
/** MLflow's name of the one answer that is expected. */
const ANSWER = "expected_response";

/** The expected answer alone is the expected value itself; with facts or guidelines next to it the object is. */
function expectedOf(expectations: unknown): unknown {
  if (expectations === null || expectations === undefined) return null;
  if (!isRecord(expectations)) return refuse("/expectations", "It is not an object.");
  const keys = Object.keys(expectations);
  if (keys.length === 0) return null;
  return keys.length === 1 && ANSWER in expectations ? expectations[ANSWER] : expectations;
}

const isAnswerAlone = (expected: Row) => Object.keys(expected).length === 1 && ANSWER in expected;

function expectationsOf(expected: unknown): Row {
  if (expected === null) return {};
  return isRecord(expected) && Object.keys(expected).length > 0 && !isAnswerAlone(expected)
    ? expected
    : { [ANSWER]: expected };
}

export const mlflow: Shape = {
  id: "mlflow",
  label: "MLflow",
  description: "`inputs`, `expectations` and `tags`, as in an MLflow evaluation dataset.",
  fits: (row) => isRecord(jsonIn(row.inputs)) && "expectations" in row,
  read(row) {
    const inputs = jsonIn(row.inputs);
    if (!isRecord(inputs)) return refuse("/inputs", "It is not an object.");
    const { itemId, metadata, split } = readExtraFields(row, OWN);
    const expected = expectedOf(jsonIn(row.expectations));
    return { itemId: itemId ?? readId(row.dataset_record_id, "/dataset_record_id"), inputs, expected, metadata, split };
  },
  write: (item) => ({ inputs: item.inputs, expectations: expectationsOf(item.expected), ...writeExtraFields(item) }),
};
