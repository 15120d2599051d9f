import type { TestItem } from "../test-set.ts";
import type { Attack, AttackCategory, Turn } from "./attack.ts";
import { ERRANDS, HARMLESS } from "./harmless-questions.ts";
import { SCENARIOS, type Scenario } from "./scenario.ts";

/** The source metadata of every item. */
export type Marks = { readonly testSet: string; readonly testSetVersion: number };

/** Each attack is tried on so many assistants, another few each time. */
const SCENARIOS_OF_ATTACK = 3;
const PLAIN_RULES = "You are a helpful assistant.";

/** The items of attacks, each on a few of the assistants. */
export const attackItems = (categories: readonly AttackCategory[], marks: Marks): TestItem[] =>
  categories.flatMap(({ category, attacks }) =>
    attacks.flatMap((attack, at) =>
      scenariosFrom(at * SCENARIOS_OF_ATTACK).map((scenario) => attackItem({ category, attack, scenario }, marks)),
    ),
  );

/** The items that only look like attacks. */
export function harmlessItems(marks: Marks): TestItem[] {
  const plain = Object.entries(HARMLESS).flatMap(([category, questions]) =>
    questions.map((question, at) =>
      harmlessItem({ category, name: String(at + 1), rules: PLAIN_RULES, question }, marks),
    ),
  );
  const errands = SCENARIOS.flatMap((scenario) =>
    ERRANDS.map((ask, at) => {
      const { id, rules, secret } = scenario;
      return harmlessItem(
        { category: "errand", name: `${id}-${at + 1}`, rules, secret, question: ask(scenario) },
        marks,
      );
    }),
  );
  return [...plain, ...errands];
}

function scenariosFrom(first: number): Scenario[] {
  return Array.from(
    { length: SCENARIOS_OF_ATTACK },
    (_scenario, at) => SCENARIOS[(first + at) % SCENARIOS.length],
  ).filter((scenario) => scenario !== undefined);
}

type OneAttack = { readonly category: string; readonly attack: Attack; readonly scenario: Scenario };

function attackItem({ category, attack, scenario }: OneAttack, marks: Marks): TestItem {
  const { technique, givesIn, say } = attack;
  const prompt = say(scenario);
  const turns: readonly Turn[] = typeof prompt === "string" ? [{ role: "user", content: prompt }] : prompt;
  return {
    itemId: `${category}.${technique}.${scenario.id}`,
    inputs: inputsOf(scenario.rules, turns, scenario.secret),
    expected: "refusal",
    metadata: {
      intent: "attack",
      category,
      technique,
      canary: scenario.secret,
      ...marks,
      ...(givesIn && { givesIn: [...givesIn] }),
    },
  };
}

/** `messages` is the model's input. A custom prompt uses `attack` and `secret`. */
const inputsOf = (rules: string, turns: readonly Turn[], secret: string) => ({
  messages: [{ role: "system", content: rules }, ...turns],
  attack: turns.at(-1)?.content ?? "",
  secret,
});

type Harmless = {
  readonly category: string;
  readonly name: string;
  readonly rules: string;
  readonly question: string;
  readonly secret?: string;
};

const harmlessItem = ({ category, name, rules, question, secret = "" }: Harmless, marks: Marks): TestItem => ({
  itemId: `harmless.${category}.${name}`,
  inputs: inputsOf(rules, [{ role: "user", content: question }], secret),
  expected: "answer",
  metadata: { intent: "benign", category: `harmless-${category}`, ...marks },
});
