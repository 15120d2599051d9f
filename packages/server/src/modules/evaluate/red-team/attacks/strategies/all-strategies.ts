import type { RedTeamStrategy } from "@treadle/contract";
import { CONVERSATIONS } from "./conversations.ts";
import { ENCODED } from "./encoded.ts";
import { FRAMED } from "./framed.ts";
import { alone, type Strategy } from "./strategy.ts";

const PLAIN: Strategy = {
  id: "plain",
  label: "As it is",
  summary: "The request without a disguise.",
  disguise: ({ text }) => alone(text),
};

/** The attacker model's text takes the place of the request before it is sent. */
const REWRITE: Strategy = {
  id: "rewrite",
  label: "Rewritten by a model",
  summary: "A model of your choice rewrites the request.",
  disguise: ({ text }) => alone(text),
};

/** In the order in which a list shows them. */
export const STRATEGIES: readonly Strategy[] = [PLAIN, ...ENCODED, ...FRAMED, ...CONVERSATIONS, REWRITE];

export function strategyOf(id: RedTeamStrategy): Strategy {
  const strategy = STRATEGIES.find((one) => one.id === id);
  if (!strategy) throw new Error(`There is no strategy "${id}".`);
  return strategy;
}

export const needsAttacker = (id: RedTeamStrategy): boolean => id === REWRITE.id;
