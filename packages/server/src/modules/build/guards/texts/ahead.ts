import {
  type Ahead,
  type AheadFound,
  type AheadRead,
  type AheadText,
  activeRules,
  type CallFacts,
  type Detectors,
  MOST_CHARACTERS,
  type Policy,
  type Rule,
} from "@treadle/guards";
import type { Clock } from "../../../../kernel/clock.ts";
import type { ReadOrder } from "./read-texts.ts";
import type { ReadElsewhere } from "./text-reader.ts";
import type { Place, TextVisitor } from "./text-visitor.ts";

type Deps = {
  readonly read: ReadElsewhere;
  readonly policy: Policy;
  readonly detectors: Detectors;
  readonly call?: CallFacts | undefined;
  readonly now: Clock["elapsed"];
};
/** The long texts of a call, read in other threads before they are judged. */
export type AheadTexts = Ahead & {
  /** Reads the texts that a walk visits. Null if they are so few that they are judged where they are. */
  read(walk: (visitor: TextVisitor) => unknown, isAnswer?: (at: Place) => boolean): Promise<unknown> | null;
};

/** Texts with fewer characters take a few milliseconds together. */
const LEAST_CHARACTERS = 16_384;
/** An order has so many characters, or one text. */
const ORDER_CHARACTERS = 65_536;

/** Collects the texts of a call, reads them in other threads and holds what was found until they are judged. */
export function createAhead({ read: readElsewhere, now, ...deps }: Deps): AheadTexts {
  const reads = new Map<string, AheadRead>();
  const { detectors } = deps;
  const rules = immediateRules(deps);
  const rulesFor = ({ trust }: Pick<AheadText, "trust">) => activeRules({ policy: { rules }, detectors, trust });
  const isWanted = (text: AheadText) => !reads.has(keyOf(text)) && rulesFor(text).length > 0;

  async function readOrder(texts: readonly AheadText[]): Promise<void> {
    const from = now();
    const order = { rules: JSON.stringify(rules), texts, facts: factsFor(texts.flatMap(rulesFor), deps.call) };
    const results = await readElsewhere(order);
    if (results === null) return;
    const to = now();
    for (const [place, text] of texts.entries()) {
      const found = typeof results === "string" ? unread(rulesFor(text), results) : (results[place] ?? []);
      reads.set(keyOf(text), { from, to, rules: found });
    }
  }

  return {
    of: (text) => reads.get(keyOf(text)),
    read(walk, isAnswer = () => false) {
      const texts = collect(walk, isAnswer).filter(isWanted);
      return sizeOf(texts) < LEAST_CHARACTERS ? null : Promise.all(ordersOf(texts).map(readOrder));
    },
  };
}

/** The same with the detectors of this server; undefined if all texts are read where they are judged. */
export const createAheadOf = (
  { readElsewhere: read, detectors }: { readonly readElsewhere?: ReadElsewhere; readonly detectors: Detectors },
  call: Pick<Deps, "policy" | "call" | "now">,
): AheadTexts | undefined => read && createAhead({ ...call, read, detectors });

const keyOf = ({ text, trust, isAnswer }: AheadText) => `${trust} ${isAnswer}\n${text}`;

const sizeOf = (texts: readonly AheadText[]) => texts.reduce((sum, { text }) => sum + text.length, 0);

/** The other rules have a place and read nothing. */
const immediateRules = ({ policy, detectors }: Pick<Deps, "policy" | "detectors">): readonly Rule[] =>
  policy.rules.map((rule) => (detectors.has(rule.detector) ? rule : { ...rule, options: null, scopes: [] }));

const unread = (rules: ReturnType<typeof activeRules>, found: "failed" | "timeout"): AheadFound[] =>
  rules.map(({ place }) => ({ rule: place, found, ms: 0 }));

/** The texts of a walk, each once. A text that is too long for its rules is not read anywhere. */
function collect(walk: (visitor: TextVisitor) => unknown, isAnswer: (at: Place) => boolean): readonly AheadText[] {
  const texts = new Map<string, AheadText>();
  walk({
    text(text, at) {
      const one = { text, trust: at.trust, isAnswer: isAnswer(at) };
      if (text !== "" && text.length <= MOST_CHARACTERS) texts.set(keyOf(one), one);
      return text;
    },
    unknown: () => undefined,
  });
  return [...texts.values()];
}

function ordersOf(texts: readonly AheadText[]): readonly (readonly AheadText[])[] {
  const orders: AheadText[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const text of texts) {
    size += text.text.length;
    if (size > ORDER_CHARACTERS) {
      orders.push([]);
      size = text.text.length;
    }
    orders.at(-1)?.push(text);
  }
  return orders;
}

/** The facts of the call that the rules use: the sources of an answer can be long. */
function factsFor(rules: ReturnType<typeof activeRules>, call: CallFacts | undefined): ReadOrder["facts"] {
  const isUsed = (fact: "systemPrompt" | "sources") => rules.some(({ detector }) => detector?.uses?.includes(fact));
  return {
    keyId: call?.keyId ?? null,
    systemPrompt: isUsed("systemPrompt") ? (call?.systemPrompt ?? "") : "",
    sources: isUsed("sources") ? (call?.sources ?? []) : [],
  };
}
