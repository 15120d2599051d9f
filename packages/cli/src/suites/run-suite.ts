import { type Answer, type Client, type RequestFor, readAllPages } from "@treadle/sdk";
import { followJob } from "../shared/follow-job.ts";
import { bringItems } from "./bring-items.ts";
import type { Source } from "./find-source.ts";
import type { Suite } from "./read-suite.ts";

export type Experiment = Answer<"GET /api/v1/experiments/:experimentId">;
export type Estimate = Answer<"POST /api/v1/experiments/estimate">;
type Order = RequestFor<"POST /api/v1/experiments">["body"];

type Options = {
  readonly source: Source;
  readonly name: string;
  readonly isQuiet: boolean;
  /** Answered and scored, but not yet paid for. */
  readonly onEstimate?: (estimate: Estimate) => void;
};

/**
 * Runs a suite on a server until it has ended. An interrupt cancels it there; what was answered stays. An experiment that fails on its
 * way, such as when its provider stays unavailable, is returned with its status and its error.
 */
export async function runSuite(client: Client, suite: Suite, { source, name, isQuiet, onEstimate }: Options) {
  const order: Order = {
    name,
    description: suite.description,
    dataset: await bringItems(client, suite),
    variants: suite.variants,
    scorers: await findScorers(client, suite.scorers),
    repeats: suite.repeats,
    concurrency: suite.concurrency,
    cache: suite.cache,
    stop: suite.stop,
    maxOutageSeconds: suite.maxOutageSeconds,
    ...(suite.budget && { budget: suite.budget }),
    suite: suite.suite,
    versions: suite.versions,
    source,
  };
  onEstimate?.(await client.call("POST /api/v1/experiments/estimate", { body: order }));
  const { experimentId, jobId } = await client.call("POST /api/v1/experiments", { body: order });
  const failure: unknown = await followJob(client, jobId, { isQuiet }).then(
    () => null,
    (error) => error,
  );
  const experiment = await client.call("GET /api/v1/experiments/:experimentId", { params: { experimentId } });
  if (failure !== null && experiment.status !== "failed") throw failure;
  if (experiment.error !== null) process.stderr.write(`treadle: ${experiment.error}\n`);
  return experiment;
}

/** A word is a kind with its defaults when there is one of that name, else a stored scorer, `name` or `name@3`. */
export async function findScorers(client: Client, given: Suite["scorers"]): Promise<Order["scorers"]> {
  const { items: kinds } = await client.call("GET /api/v1/scorer-kinds");
  return given.map((one) => {
    if (typeof one !== "string") return one;
    if (kinds.some(({ kind }) => kind === one)) return { kind: one };
    const [, name = one, version] = /^(.*)@(\d+)$/s.exec(one) ?? [];
    return { scorer: name, ...(version !== undefined && { version: Number(version) }) };
  });
}

/** Makes the connections that a suite names, on a server that was started for it. Keys come from the environment alone. */
export async function connectProviders(client: Client, { connections }: Suite, env: NodeJS.ProcessEnv = process.env) {
  for (const { keyFrom, ...connection } of connections) {
    const value = keyFrom === undefined ? undefined : env[keyFrom];
    if (keyFrom !== undefined && !value)
      throw new Error(`The connection "${connection.slug}" reads its key from ${keyFrom}, which is not set.`);
    const body = { ...connection, ...(value !== undefined && { keys: [{ value }] }) };
    const { items } = await readAllPages((query) => client.call("GET /api/v1/connections", { query }));
    if (!items.some(({ slug }) => slug === connection.slug)) await client.call("POST /api/v1/connections", { body });
  }
}
