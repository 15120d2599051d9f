import type { GUARD_OPTIONS } from "@treadle/contract";
import type { LateDetector, LateFinding } from "@treadle/guards";
import { z } from "zod";
import type { Outbound } from "../../../../platform/outbound/port.ts";
import type { ResolvedConnection } from "../../connections/index.ts";
import { createAnswerMemory } from "./answer-memory.ts";

type Deps = {
  readonly connections: { resolve(projectId: string): Promise<readonly ResolvedConnection[]> };
  readonly outbound: Pick<Outbound, "request">;
};
type Options = z.output<(typeof GUARD_OPTIONS)["moderation"]>;

const MAX_BYTES = 1_000_000;
const Answer = z.looseObject({
  results: z
    .array(
      z.looseObject({
        categories: z.record(z.string(), z.unknown()).default({}),
        category_scores: z.record(z.string(), z.unknown()).default({}),
      }),
    )
    .min(1),
});

/** Asks a service with OpenAI's `POST /moderations`, through a connection of the project. */
export function createModeration(deps: Deps) {
  const remember = createAnswerMemory();

  const score = createScore(deps);

  return (projectId: string): LateDetector<Options> => ({
    name: "moderation",
    version: 1,
    async find(text, options, { signal, threshold }) {
      const question = [projectId, options.connection, options.model ?? "", text];
      const scores = await remember(question, () => score(projectId, text, { options, signal }));
      const { categories, thresholds = {} } = options;
      return scores.filter(
        ({ kind, score: found }) =>
          (categories?.includes(kind) ?? true) && found >= (own(thresholds, kind) ?? threshold),
      );
    },
  });
}

type Asked = { readonly options: Options; readonly signal: AbortSignal };

/** The scores of all categories. Throws if there is no answer. */
const createScore =
  ({ connections, outbound }: Deps) =>
  async (projectId: string, text: string, { options, signal }: Asked): Promise<readonly LateFinding[]> => {
    const connection = (await connections.resolve(projectId)).find(({ slug }) => slug === options.connection);
    if (!connection?.isEnabled) throw new Error(`there is no connection "${options.connection}"`);
    if (connection.hasUnreadableKeys) throw new Error(`the key of "${options.connection}" cannot be decrypted`);
    const { status, body } = await outbound.request({
      method: "POST",
      url: `${connection.baseUrl.replace(/\/+$/, "")}/moderations`,
      headers: headersOf(connection),
      body: JSON.stringify({ input: text, ...(options.model && { model: options.model }) }),
      timeouts: connection.timeouts,
      signal,
      maxBytes: MAX_BYTES,
    });
    if (status !== 200) throw new Error(`"${options.connection}" answered with ${status}`);
    return scoresOf(Answer.parse(JSON.parse(body.toString())));
  };

const own = (thresholds: Readonly<Record<string, number>>, kind: string): number | undefined =>
  Object.hasOwn(thresholds, kind) ? thresholds[kind] : undefined;

function headersOf({ headers, keys }: ResolvedConnection): Record<string, string> {
  const [key] = keys;
  return { ...headers, "content-type": "application/json", ...(key && { authorization: `Bearer ${key.value}` }) };
}

/** Each category with its highest score. A service without scores says yes or no. */
function scoresOf({ results }: z.output<typeof Answer>): readonly LateFinding[] {
  const scores = new Map<string, number>();
  for (const { categories, category_scores: given } of results)
    for (const kind of new Set([...Object.keys(categories), ...Object.keys(given)])) {
      const value = given[kind];
      const found = typeof value === "number" ? Math.min(1, Math.max(0, value)) : categories[kind] === true ? 1 : 0;
      scores.set(kind, Math.max(scores.get(kind) ?? 0, found));
    }
  return Array.from(scores, ([kind, found]) => ({ kind, score: found }));
}
