import { createRandom } from "@treadle/metrics";

type Theme = {
  readonly weight: number;
  readonly starts: readonly string[];
  readonly subjects: readonly string[];
  readonly ends: readonly string[];
};

/** Requests to a bank, with the weights of themes from 20 % to 3 %. */
const THEMES: readonly Theme[] = [
  {
    weight: 20,
    starts: ["Where is", "I am still waiting for", "When will I get"],
    subjects: ["my new card", "the card I ordered", "my replacement card"],
    ends: ["It was mailed two weeks ago", "Can I track the delivery", "It has not arrived in the mail"],
  },
  {
    weight: 15,
    starts: ["I want a refund for", "Please return the money for", "How do I get my money back for"],
    subjects: ["a purchase", "the order I returned", "something I bought online"],
    ends: ["The shop refuses to pay", "The seller has not refunded me", "I sent the item back"],
  },
  {
    weight: 12,
    starts: ["I forgot", "I need to reset", "How can I change"],
    subjects: ["my password", "the passcode of the app", "my login password"],
    ends: ["I cannot sign in", "The reset email does not work", "I am locked out of my account"],
  },
  {
    weight: 10,
    starts: ["What is", "How do you calculate", "Why is it so bad,"],
    subjects: ["the exchange rate", "the rate for foreign currency", "the conversion rate for euros"],
    ends: ["I am exchanging dollars", "It differs from the interbank rate", "I need pounds for my trip"],
  },
  {
    weight: 9,
    starts: ["The app crashes on", "The screen freezes on", "There is a bug on"],
    subjects: ["my phone", "Android", "my tablet"],
    ends: ["I already reinstalled the app", "It closes after the last update", "The software shows a blank page"],
  },
  {
    weight: 8,
    starts: ["How do I top up with", "Can I add funds by", "My top up failed with"],
    subjects: ["a bank card", "Apple Pay", "Google Pay"],
    ends: ["I want to top up my balance", "The top up limit is unclear", "Is there a top up fee"],
  },
  {
    weight: 7,
    starts: ["I want to close", "Please delete", "How can I terminate"],
    subjects: ["my account", "the account completely", "my profile and account"],
    ends: ["I no longer wish to be a customer", "I am unhappy with the service", "Remove all my data"],
  },
  {
    weight: 6,
    starts: ["The machine swallowed", "The ATM did not return", "The cash machine kept"],
    subjects: ["my card", "my debit card", "the card"],
    ends: ["How do I get it back from the ATM", "It was stuck in the machine", "I was only withdrawing cash"],
  },
  {
    weight: 4,
    starts: ["How do I verify", "Why must I prove", "I cannot confirm"],
    subjects: ["my identity", "who I am", "my identity documents"],
    ends: ["The passport photo was rejected", "Which documents do you accept", "The selfie check fails"],
  },
  {
    weight: 3,
    starts: ["Can my daughter have", "How old must children be for", "I want to open"],
    subjects: ["a youth account", "an account for kids", "an account for my child"],
    ends: ["She is twelve years old", "What is the age limit", "My son is a teenager"],
  },
  {
    weight: 3,
    starts: ["Do you offer", "What are the interest rates of", "I would like to apply for"],
    subjects: ["a mortgage", "a home loan", "a loan for a house"],
    ends: ["We are buying a house", "How much can I borrow", "The term is twenty years"],
  },
  {
    weight: 3,
    starts: ["Write", "Compose", "Please draft"],
    subjects: ["a poem", "a birthday poem", "a funny poem"],
    ends: ["It should rhyme", "It is for my sister", "Make it four verses long"],
  },
];

type PlantedText = { readonly theme: number; readonly text: string };

/** Texts of planted themes in a random order that is the same for the same seed. `numbered` texts are all different. */
export function plantTexts(count: number, seed: number, isNumbered = false): PlantedText[] {
  const random = createRandom(seed);
  const pick = (list: readonly string[]) => list[random.below(list.length)] ?? "";
  const places = THEMES.flatMap(({ weight }, theme) => Array.from({ length: weight }, () => theme));
  return Array.from({ length: count }, (_, index) => {
    const theme = places[random.below(places.length)] ?? 0;
    const { starts, subjects, ends } = THEMES[theme] as Theme;
    const parts = [`${pick(starts)} ${pick(subjects)}.`, `${pick(ends)}.`];
    const text = (random.below(2) === 0 ? parts : parts.toReversed()).join(" ");
    return { theme, text: isNumbered ? `${text} Reference ${index}.` : text };
  });
}

/** How well groups of rows show planted themes. */
export function compareWithThemes(groups: readonly (readonly number[])[], planted: readonly PlantedText[]) {
  const total = Map.groupBy(planted, ({ theme }) => theme);
  const missing = new Set(total.keys());
  let pure = 0;
  for (const rows of groups) {
    const themes = Map.groupBy(rows, (row) => planted[row]?.theme ?? -1);
    pure += Math.max(...[...themes.values()].map(({ length }) => length));
    for (const [theme, own] of themes)
      if (own.length >= 0.9 * rows.length && own.length >= 0.5 * (total.get(theme)?.length ?? 0)) missing.delete(theme);
  }
  return { purity: pure / planted.length, themes: total.size, missing: [...missing] };
}
