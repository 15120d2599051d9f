import { createHash } from "node:crypto";
import type { GUARD_OPTIONS } from "@treadle/contract";
import type { LateDetector, LateFinding } from "@treadle/guards";
import type { z } from "zod";
import { createAnswerMemory } from "./answer-memory.ts";
import { createTopicModel, type TopicModel } from "./topic-model.ts";

type Vectors = readonly (readonly number[])[];
/** A vector for each text, by a model on this server. */
export type EmbedTexts = (projectId: string, texts: readonly string[], signal: AbortSignal) => Promise<Vectors>;
type Options = z.output<(typeof GUARD_OPTIONS)["topics"]>;

/** Texts that are longer are judged in parts, since a part on another topic would be lost in a long text. */
const PART_CHARACTERS = 1_000;
/** Some 20 MB of vectors. */
const MOST_EXAMPLES = 10_000;
/** Examples are read for all calls, so the time of one call does not end it. */
const EXAMPLES_MS = 60_000;

/** Texts on a denied topic, or on no allowed one, by examples. The score of the part with the highest counts. */
export function createTopics({ embed }: { readonly embed: EmbedTexts }) {
  const remember = createAnswerMemory();
  const modelOf = createModels(createExampleVectors(embed));

  async function judge(projectId: string, text: string, { options, signal }: Asked): Promise<readonly LateFinding[]> {
    const model = await modelOf(projectId, options);
    const vectors = await embed(projectId, partsOf(text), signal);
    const kind = options.kind ?? (options.denied ? "denied-topic" : "off-topic");
    return [{ kind, score: Math.max(0, ...vectors.map(model)) }];
  }

  return (projectId: string): LateDetector<Options> => ({
    name: "topics",
    version: 1,
    async find(text, options, { threshold, signal }) {
      if (text.trim() === "") return [];
      const findings = await remember([options, text], () => judge(projectId, text, { options, signal }));
      return findings.filter(({ score }) => score >= threshold);
    },
  });
}

type Asked = { readonly options: Options; readonly signal: AbortSignal };

/** The models of the rules in use. They are forgotten with their policy. */
function createModels(vectorsOf: ReturnType<typeof createExampleVectors>) {
  const models = new WeakMap<Options, Promise<TopicModel>>();
  async function make(projectId: string, { denied = [], allowed = [] }: Options): Promise<TopicModel> {
    const vectors = await vectorsOf(projectId, [...denied, ...allowed]);
    return createTopicModel(vectors.slice(0, denied.length), vectors.slice(denied.length));
  }
  return (projectId: string, options: Options): Promise<TopicModel> => {
    const existing = models.get(options);
    if (existing) return existing;
    const making = make(projectId, options);
    models.set(options, making);
    // The next call tries again.
    making.catch(() => models.delete(options));
    return making;
  };
}

/** The vectors of examples, by a hash of the example. The oldest are forgotten first. */
function createExampleVectors(embed: EmbedTexts) {
  const known = new Map<string, readonly number[]>();
  return async (projectId: string, examples: readonly string[]): Promise<Vectors> => {
    const keys = examples.map((example) => createHash("sha256").update(example).digest("base64"));
    const found = new Map(keys.map((key) => [key, known.get(key)]));
    const missing = [...new Set(keys.filter((key) => !found.get(key)))];
    const texts = missing.map((key) => examples[keys.indexOf(key)] ?? "");
    const vectors = texts.length > 0 ? await embed(projectId, texts, AbortSignal.timeout(EXAMPLES_MS)) : [];
    for (const [place, key] of missing.entries()) {
      const vector = vectors[place];
      if (!vector) throw new Error("an example has no vector");
      found.set(key, vector);
      const oldest = known.size >= MOST_EXAMPLES ? known.keys().next().value : undefined;
      if (oldest !== undefined) known.delete(oldest);
      known.set(key, vector);
    }
    return keys.map((key) => found.get(key) ?? []);
  };
}

/** A text in parts of at most a thousand characters, cut at spaces where there are any. */
function partsOf(text: string): readonly string[] {
  const parts: string[] = [];
  for (let start = 0; start < text.length; ) {
    const limit = start + PART_CHARACTERS;
    const space = limit >= text.length ? text.length : text.lastIndexOf(" ", limit);
    const end = space > start ? space : limit;
    const part = text.slice(start, end).trim();
    if (part !== "") parts.push(part);
    start = end;
  }
  return parts;
}
