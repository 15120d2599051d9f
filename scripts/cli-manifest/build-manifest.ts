import { type Api, acceptsIdempotencyKey, api, type Route } from "@treadle/contract";
import type { Operation } from "../../packages/cli/src/operations/operation.ts";
import { buildEndpoints } from "../../packages/contract/src/build/api.ts";
import { dataEndpoints } from "../../packages/contract/src/data/api.ts";
import { evaluateEndpoints } from "../../packages/contract/src/evaluate/api.ts";
import { observeEndpoints } from "../../packages/contract/src/observe/api.ts";
import { releaseEndpoints } from "../../packages/contract/src/release/api.ts";
import { systemEndpoints } from "../../packages/contract/src/system/api.ts";
import { nameCommand } from "./name-command.ts";
import { readAnswer } from "./read-answer.ts";
import { readFlags, readParams } from "./read-flags.ts";

const AREAS: readonly (readonly [name: string, endpoints: Api])[] = [
  ["observe", observeEndpoints],
  ["build", buildEndpoints],
  ["data", dataEndpoints],
  ["evaluate", evaluateEndpoints],
  ["release", releaseEndpoints],
  ["system", systemEndpoints],
];
const areaOf = (endpoint: string) => AREAS.find(([, endpoints]) => endpoint in endpoints)?.[0] ?? "train";

/** Every operation of the API as a command, without pages. Throws when two would have the same name. */
export function buildManifest(): readonly Operation[] {
  const endpoints = Object.keys(api);
  const routes = Object.entries<Route>(api).filter(([, { isPage }]) => !isPage);
  const operations = routes.map(([endpoint, route]): Operation => {
    const { noun, verb, aliases } = nameCommand(endpoint, route, endpoints);
    const params = readParams(endpoint, route);
    const acceptsKey = acceptsIdempotencyKey(endpoint, route);
    const flags = readFlags(route, acceptsKey);
    return {
      noun,
      verb,
      ...(aliases.length > 0 && { aliases }),
      name: route.name,
      endpoint,
      area: areaOf(endpoint),
      summary: route.summary,
      permission: route.permission,
      ...(params.length > 0 && { params }),
      ...(flags.length > 0 && { flags }),
      ...bodyOf(endpoint, route),
      ...(acceptsKey && { acceptsKey }),
      ...readAnswer(route, noun),
    };
  });
  refuseCollisions(operations);
  return dropTakenAliases(operations).toSorted((a, b) => compare(a.noun, b.noun) || compare(a.verb, b.verb));
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function bodyOf(endpoint: string, route: Route): Pick<Operation, "body" | "type"> {
  if (endpoint === "POST /v1/files") return { body: "multipart" };
  if (route.takes === "bytes") return { body: "bytes", type: "application/octet-stream" };
  if (route.wire === "otlp") return { body: "bytes", type: "application/json" };
  return route.body ? { body: "json" } : {};
}

function refuseCollisions(operations: readonly Operation[]): void {
  const names = operations.map(({ noun, verb }) => `${noun} ${verb}`);
  const twice = operations.filter(({ noun, verb }) => names.filter((name) => name === `${noun} ${verb}`).length > 1);
  if (twice.length === 0) return;
  const list = twice.map(({ noun, verb, endpoint, name }) => `  ${noun} ${verb}: ${name}, ${endpoint}`).join("\n");
  throw new Error(`Operations share the name of a command. Name them in name-command.ts:\n${list}`);
}

/** An alias is only there where it means one operation. */
function dropTakenAliases(operations: readonly Operation[]): readonly Operation[] {
  const uses = new Map<string, number>();
  for (const { noun, verb, aliases = [] } of operations)
    for (const word of new Set([verb, ...aliases])) uses.set(`${noun} ${word}`, (uses.get(`${noun} ${word}`) ?? 0) + 1);
  return operations.map(({ aliases = [], ...operation }) => {
    const free = aliases.filter((alias) => uses.get(`${operation.noun} ${alias}`) === 1);
    return free.length > 0 ? { ...operation, aliases: free } : operation;
  });
}

/** The manifest as the command line reads it: one operation in a line. */
export const writeManifest = (operations: readonly Operation[]) =>
  `[\n${operations.map((operation) => JSON.stringify(operation)).join(",\n")}\n]\n`;
