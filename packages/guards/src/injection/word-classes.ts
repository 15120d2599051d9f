import { hashWord } from "./hash.ts";

/** What a word can stand for in an attack or in a text about one. A word can belong to several classes. */
export const CLASS = {
  override: 1,
  reveal: 2,
  target: 4,
  scope: 8,
  persona: 16,
  freedom: 32,
  you: 64,
  negation: 128,
  report: 256,
  question: 512,
  opener: 1024,
  refusal: 2048,
  object: 4096,
  role: 8192,
} as const;

const WORDS: Readonly<Record<keyof typeof CLASS, string>> = {
  override:
    "ignore ignoring disregard disregarding forget override overriding bypass bypassing circumvent neglect dismiss discard " +
    "erase jailbreak ignora ignorar olvida ignorez ignore oublie oubliez ignoriere ignorieren vergiss vergessen dimentica " +
    "ignorieren esqueça игнорируй игнорируйте забудь забудьте",
  reveal:
    "reveal show print repeat output display tell give share leak disclose dump expose summarize translate recite echo paste",
  target:
    "instruction instructions prompt prompts rule rules guideline guidelines directive directives policy policies " +
    "restriction restrictions constraint constraints command commands programming safeguards filters training anweisungen " +
    "instrucciones istruzioni instruções reglas règles regeln инструкции правила",
  scope:
    "previous prior above earlier preceding all any original initial system hidden secret former foregoing everything " +
    "internal previously before anteriores précédentes vorherigen precedenti предыдущие",
  persona:
    "pretend roleplay act acting persona character simulate simulating imagine impersonate dan simulator alter ego " +
    "hypothetical fictional fantasy",
  freedom:
    "unrestricted unfiltered uncensored unlimited unethical amoral immoral illegal ethics ethical moral morals morality " +
    "censorship anything freed limitless filterless lawless restrictions limitations",
  you: "you your yourself you're youre thou chatgpt assistant gpt bot",
  negation: "not don't dont never without no doesn't cannot can't won't shouldn't nor",
  report:
    "describes describe described example examples such called detect detects detection explain explains paper article attack " +
    "attacks vulnerability vulnerabilities defend prevent mitigate mitigation research owasp classifier injection injections",
  question: "how what why when where which who whose can could is are does do should would",
  opener:
    "write create generate summarize explain list make find set play turn add build design compare describe calculate " +
    "identify provide suggest draft rewrite edit remind open start convert classify extract",
  refusal:
    "refuse refuses refusal apologize apologise sorry warn warning warnings disclaimer disclaimers decline policy openai",
  object:
    "file files whitespace warning warnings error errors case lint gitignore column columns row rows line lines alarm " +
    "calendar advice fear fears noise pain tests stopwords",
  role: "system user assistant human inst im_start im_end sys admin developer",
};

/** The classes of a word by its hash. Two words with the same hash would share their classes; none of the list do. */
export const WORD_CLASSES: ReadonlyMap<number, number> = new Map(
  Object.entries(CLASS)
    .flatMap(([name, bit]) =>
      WORDS[name as keyof typeof CLASS].split(" ").map((word) => [hashWord(word), bit] as const),
    )
    .reduce((classes, [hash, bit]) => classes.set(hash, (classes.get(hash) ?? 0) | bit), new Map<number, number>()),
);
