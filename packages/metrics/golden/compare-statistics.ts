// Answers compare-statistics.py: one JSON array [name, arguments] a line in, one JSON result a line out.
import { createInterface } from "node:readline";
import { STATISTICS } from "./statistics-functions.ts";

const functions = new Map<string, unknown>(Object.entries(STATISTICS));

for await (const line of createInterface({ input: process.stdin })) {
  const [name, given]: [string, unknown[]] = JSON.parse(line);
  const statistic = functions.get(name);
  if (typeof statistic !== "function") throw new Error(`There is no statistic named ${name}.`);
  console.log(JSON.stringify(statistic(...given)));
}
