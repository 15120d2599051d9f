import { readFileSync } from "node:fs";
import type { Operation } from "./operation.ts";

const FILE = new URL("../generated/operations.json", import.meta.url);

/**
 * Every operation of the API, by noun and verb. `npm run generate` writes the file from the contract, so that a command starts without
 * loading the contract.
 */
export const readManifest = (): readonly Operation[] => JSON.parse(readFileSync(FILE, "utf8"));

/** The operation with this name in the contract. */
export function findOperation(name: string): Operation {
  const operation = readManifest().find((one) => one.name === name);
  if (!operation) throw new Error(`The contract has no operation ${name}. Run \`npm run generate\`.`);
  return operation;
}
