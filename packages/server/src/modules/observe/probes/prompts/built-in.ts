import type { KeptPrompt } from "../stores/probe-values.ts";

/** Pairs without a right answer, so that two answers are often almost equally likely. */
const PAIRS =
  "red blue|tea coffee|cat dog|north south|summer winter|gold silver|river lake|piano violin|apple pear|circle square|left right|sun moon|bread rice|mountain sea|iron copper|oak pine|lemon lime|salt pepper|wolf fox|rose tulip|train plane|pen pencil|glass stone|king queen|rain snow|fire ice|day night|book film|car bike|gift letter|bridge tunnel|castle tower|desert forest|eagle hawk|fork spoon|garden park|hammer saw|island coast|jacket coat|knife sword|lamp candle|map globe|nest cave|ocean sky|paper cloth|quilt rug|road path|ship boat|table chair|umbrella hat|valley hill|window door|yellow green|zebra horse|brick wood|cloud fog|drum flute|engine wheel|feather leaf|grape plum|honey sugar|ink paint|jar box|kite ball|linen wool|mirror picture|needle thread|onion garlic|pearl ruby|rope chain|sand clay|tiger lion|uncle aunt|velvet silk|whale shark|carrot potato|basket bag|clock watch|dance song|earth air";
const CATEGORIES =
  "a color|an animal|a fruit|a city|a country|a river|a number below ten|a letter|a planet|a metal|a tree|a flower|a bird|a fish|an insect|a spice|a dessert|a sport|a musical instrument|a month|a weekday|a season|a shape|a tool|a vehicle|a language|a job|a first name|a surname|a drink|a vegetable|a gemstone|a mountain|an ocean|a fabric|a dance|a board game|a card|a piece of furniture|a room|a weather word|a feeling|a school subject|a mineral|a chemical element|a constellation|a kind of bread|a kind of cheese|a kind of pasta|a kind of shoe|a kind of hat|a kind of boat|a kind of bridge|a kind of cloud|a kind of cat|a kind of dog|a kind of horse|a currency|a unit of length|a unit of time";
const STARTS =
  "The old house was|She opened the box and found|In the morning the town is|The best thing about rain is|He looked at the sky and felt|My neighbor always|The train arrived at|A good friend is|The door was painted|The road led to|Nobody expected the|They talked about|The smell of|When the music stopped|The letter came from|A small child asked for|The garden was full of|On the table lay a|The winter felt|The answer was hidden in|The boat drifted toward|Her favorite word is|The market sells|The clock showed|The first page said|Under the bridge lived a|The teacher smiled and|The cat jumped on the|The last guest brought|At the end of the street is a|The picture showed a|The soup needed more|The wind carried|The queen ordered a|The robot wanted to|A stranger gave me a|The hill behind the school is|The machine made a|The story begins with|The color of the coat was|The key fits the|The song was about|The river turned|The shop closed at|The dog ran after a|The baker put the|The storm came from the|The lamp stood near the|Every Sunday we|The map led to a|The bird sang until|The judge said|The wall was covered with|The phone rang and|The soldier carried a|The doctor asked about|The farmer grew|The painter used|The ship was named|The bell rang";

const split = (words: string) => words.split("|");
const shortPrompts = [
  ...split(PAIRS).map((pair) => `Choose one word and answer with it only: ${pair.replace(" ", " or ")}?`),
  ...split(CATEGORIES).map((category) => `Name ${category}. Answer with one word only.`),
  ...split(STARTS).map((start) => `Continue with one word only: ${start}`),
];

/** Short prompts, of which the set-up keeps those with two likely answers. */
export const SHORT_PROMPTS: readonly KeptPrompt[] = shortPrompts.map((text, place) => ({
  promptId: `short-${place + 1}`,
  kind: "border",
  text,
}));

/** Prompts whose first token's log-probabilities are compared. */
export const LOGPROB_PROMPTS: readonly KeptPrompt[] = ["x", "1", "the", "A", "?"].map((text, place) => ({
  promptId: `token-${place + 1}`,
  kind: "logprobs",
  text,
}));

/** Prompts with longer answers: for the second test, and for models that give almost always the same short answer. */
export const FULL_PROMPTS: readonly KeptPrompt[] = [
  "Describe a walk through an old town in two sentences.",
  "Explain why leaves are green in two sentences.",
  "Write two lines about a lighthouse.",
  "Give three uses of a brick, in one sentence.",
  "Tell a very short story about a lost key.",
  "What makes a good meeting? Answer in two sentences.",
  "List five things in a kitchen, separated by commas.",
  "Describe the taste of an orange in one sentence.",
  "Give advice to a new driver in two sentences.",
  "Write a short greeting from a friendly robot.",
].map((text, place) => ({ promptId: `full-${place + 1}`, kind: "full", text }));

export const pinnedPrompts = (texts: readonly string[]): KeptPrompt[] =>
  texts.map((text, place) => ({ promptId: `pinned-${place + 1}`, kind: "pinned", text }));

const ANSWER_TOKENS = { border: 5, logprobs: 1, full: 40, pinned: 60 } as const;
/** The longest answer to a prompt, in tokens. */
export const answerTokensOf = ({ kind }: Pick<KeptPrompt, "kind">): number => ANSWER_TOKENS[kind];
