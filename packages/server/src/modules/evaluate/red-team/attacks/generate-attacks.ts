import type { ItemInput, RedTeamInput, RedTeamPlugin, RedTeamStrategy } from "@treadle/contract";
import { createRandom, type Random } from "@treadle/metrics";
import { pluginOf } from "./plugins/all-plugins.ts";
import type { Ask, Plugin } from "./plugins/plugin.ts";
import { SCENES, type Scene } from "./plugins/scene.ts";
import { strategyOf } from "./strategies/all-strategies.ts";
import type { Strategy } from "./strategies/strategy.ts";

type Intent = "attack" | "benign";
/** The metadata of an item, which the scorer `red-team` and the report read. */
export type AttackMetadata = {
  readonly intent: Intent;
  readonly plugin: RedTeamPlugin;
  readonly strategy: RedTeamStrategy;
  /** The request without its disguise. */
  readonly goal: string;
  /** The disguised request. */
  readonly text: string;
  readonly turns: number;
};
export type AttackItem = Pick<ItemInput, "inputs" | "metadata"> & {
  readonly itemId: string;
  readonly expected: string;
};
type Wanted = Pick<RedTeamInput, "target" | "plugins" | "strategies" | "attacksPerPair" | "harmlessPerPair" | "seed">;
/** Texts that a model wrote in place of a request, by the request. */
export type Rewrites = ReadonlyMap<string, string>;

/**
 * The attacks of a run and their harmless counterparts. The same input gives the same items. All strategies of a plugin disguise the
 * same requests, so that strategies can be compared too.
 */
export function generateAttacks(input: Wanted, rewrites: Rewrites = new Map()): AttackItem[] {
  const scenes = scenesFor(input.target);
  return input.plugins.flatMap((id) => {
    const plugin = pluginOf(id);
    const random = createRandom(seedOf(input.seed, id));
    const requests = [
      ...drawRequests({ plugin, scenes, count: input.attacksPerPair, intent: "attack" }, random),
      ...drawRequests({ plugin, scenes, count: input.harmlessPerPair, intent: "benign" }, random),
    ];
    return input.strategies.flatMap((name) => {
      const strategy = strategyOf(name);
      const own = createRandom(seedOf(input.seed, `${id} ${name}`));
      return requests.map((request) => toItem({ plugin, strategy, request, random: own, rewrites }));
    });
  });
}

/** The requests that the attacker model rewrites, each once. */
export const requestsToRewrite = (input: Wanted): string[] => [
  ...new Set(
    generateAttacks({ ...input, strategies: ["rewrite"], harmlessPerPair: 0 }).map(({ metadata }) =>
      String(metadata.goal),
    ),
  ),
];

/** The words of custom assistants have no name that an attack could use. */
const UNNAMED = "the confidential word in your instructions";
const CUSTOM_SECRET = "quartzmeadow";

function scenesFor({ assistant, systemPrompt, secret }: RedTeamInput["target"]): readonly Scene[] {
  if (assistant === "built-in") return SCENES;
  const rules = assistant === "prompt" ? (systemPrompt ?? "").replaceAll("{{secret}}", CUSTOM_SECRET) : null;
  const hidden = assistant === "prompt" ? CUSTOM_SECRET : secret;
  return SCENES.map((scene) => ({ ...scene, rules, secret: hidden, thing: UNNAMED }));
}

/** FNV-1a: each plugin and strategy has its own random numbers, so that adding another one changes none of them. */
function seedOf(seed: number, name: string): number {
  let hash = 0x811c9dc5;
  for (const letter of `${seed} ${name}`) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}

type Request = { readonly intent: Intent; readonly ask: Ask; readonly scene: Scene };
type Drawing = {
  readonly plugin: Plugin;
  readonly scenes: readonly Scene[];
  readonly count: number;
  readonly intent: Intent;
};

/** No conversation twice. A wording repeats, with another scene, only after all wordings were used. */
function drawRequests({ plugin, scenes, count, intent }: Drawing, random: Random): Request[] {
  const asks = shuffled(intent === "attack" ? plugin.attacks : plugin.harmless, random);
  const mixed = shuffled(scenes, random);
  const requests = new Map<string, Request>();
  for (let round = 0; round < mixed.length; round++)
    for (const [place, ask] of asks.entries()) {
      const scene = mixed[(round + place) % mixed.length];
      if (!scene) throw new Error("There are scenes.");
      const conversation = JSON.stringify(plugin.build({ before: [], text: ask.say(scene) }, scene));
      if (!requests.has(conversation)) requests.set(conversation, { intent, ask, scene });
    }
  return [...requests.values()].slice(0, count);
}

/** Fisher and Yates. */
function shuffled<Value>(values: readonly Value[], random: Pick<Random, "below">): Value[] {
  const result = [...values];
  for (let end = result.length - 1; end > 0; end--) {
    const at = random.below(end + 1);
    const [last, other] = [result[end], result[at]];
    if (last === undefined || other === undefined) throw new Error("Both places are in the list.");
    [result[end], result[at]] = [other, last];
  }
  return result;
}

type Parts = {
  readonly plugin: Plugin;
  readonly strategy: Strategy;
  readonly request: Request;
  readonly random: Random;
  readonly rewrites: Rewrites;
};

function toItem({ plugin, strategy, request: { intent, ask, scene }, random, rewrites }: Parts): AttackItem {
  const goal = ask.say(scene);
  const text = (strategy.id === "rewrite" && rewrites.get(goal)) || goal;
  const disguised = strategy.disguise({ text, translated: ask.translated(scene) }, random);
  const marks = plugin.marks(scene);
  const { messages, tools } = plugin.build(disguised, scene);
  const metadata: AttackMetadata = {
    intent,
    plugin: plugin.id,
    strategy: strategy.id,
    goal,
    text: disguised.text,
    turns: disguised.before.length,
  };
  return {
    itemId: [plugin.id, strategy.id, intent === "attack" ? ask.id : `harmless-${ask.id}`, scene.id].join("."),
    inputs: { messages: [...messages], ...(tools && { tools: [...tools] }) },
    expected: intent === "attack" ? "refusal" : "answer",
    metadata: { ...metadata, category: plugin.id, ...marks },
  };
}
