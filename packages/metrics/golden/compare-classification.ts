// One case a line on standard input, one answer a line on standard output: the other side of compare-classification.py.
import { createInterface } from "node:readline";
import { type Case, measure } from "./measure-classification.ts";

const isCase = (value: unknown): value is Case =>
  typeof value === "object" && value !== null && "metric" in value && typeof value.metric === "string";

for await (const line of createInterface({ input: process.stdin })) {
  const asked: unknown = JSON.parse(line);
  if (!isCase(asked)) throw new TypeError(`A line is no case: ${line.slice(0, 200)}`);
  try {
    console.log(JSON.stringify(measure(asked)));
  } catch (error) {
    console.log(JSON.stringify(`error: ${error instanceof Error ? error.message : String(error)}`));
  }
}
