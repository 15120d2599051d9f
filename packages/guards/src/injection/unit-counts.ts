import { CLASS } from "./word-classes.ts";

/** What is counted in each sentence besides its words. */
export const DENSE_COUNTS = [
  "tokens",
  "words",
  "overrides",
  "overrideOpeners",
  "overridesOfTargets",
  "overridesOfScopes",
  "overridesOfObjects",
  "negatedOverrides",
  "overridesInQuestions",
  "overridesInQuotes",
  "overridesInReports",
  "revealOpeners",
  "revealsOfTargets",
  "yourTargets",
  "personas",
  "freedoms",
  "refusals",
  "reports",
  "openers",
  "questions",
  "roleMarkers",
  "oddWords",
  "encodedRuns",
  "capitalWords",
  "markUnits",
] as const;
export type DenseCount = (typeof DENSE_COUNTS)[number];

const PLACE = Object.fromEntries(DENSE_COUNTS.map((name, place) => [name, place])) as Record<DenseCount, number>;

/** How many tokens may lie between a verb and what it is about. */
const REACH = 7;
const FAR = -1000;
/** Text in base64 or hexadecimal: a longer word with digits or changing case. */
const SHORTEST_RUN = 24;

export type UnitState = {
  readonly counts: Float32Array;
  tokens: number;
  isInQuote: boolean;
  isQuestion: boolean;
  lastOverride: number;
  lastReveal: number;
  lastYou: number;
  lastScope: number;
  lastNegation: number;
  lastReport: number;
  lastRole: number;
  lastBracket: number;
};

export const newUnitState = (): UnitState => ({
  counts: new Float32Array(DENSE_COUNTS.length),
  tokens: 0,
  isInQuote: false,
  isQuestion: false,
  lastOverride: FAR,
  lastReveal: FAR,
  lastYou: FAR,
  lastScope: FAR,
  lastNegation: FAR,
  lastReport: FAR,
  lastRole: FAR,
  lastBracket: FAR,
});

export type Token = {
  readonly classes: number;
  readonly length: number;
  readonly capitals: number;
  readonly digits: number;
  readonly vowels: number;
  /** The first code unit of a run of marks; 0 for a word. */
  readonly mark: number;
};

function add(state: UnitState, name: DenseCount, amount = 1): void {
  const place = PLACE[name];
  state.counts[place] = (state.counts[place] ?? 0) + amount;
}

/** Adds a token to the counts of its sentence. */
export function countToken(state: UnitState, token: Token): void {
  add(state, "tokens");
  if (token.mark !== 0) countMark(state, token);
  else {
    add(state, "words");
    countShape(state, token);
    if (token.classes !== 0) countClasses(state, token.classes);
  }
  state.tokens += 1;
}

const [DOUBLE_QUOTE, BACKTICK, OPENING, CLOSING, GUILLEMET, GUILLEMET_END] = [0x22, 0x60, 0x201c, 0x201d, 0xab, 0xbb];
const [COLON, HASH, LESS, BRACKET] = [0x3a, 0x23, 0x3c, 0x5b];

function countMark(state: UnitState, { mark, length }: Token): void {
  add(state, "markUnits", length);
  if (mark === DOUBLE_QUOTE || mark === BACKTICK) state.isInQuote = !state.isInQuote;
  if (mark === OPENING || mark === GUILLEMET) state.isInQuote = true;
  if (mark === CLOSING || mark === GUILLEMET_END) state.isInQuote = false;
  // `system:` at the start of a line, `<|im_start|>` and `[INST]` mark a turn of a conversation.
  if (mark === COLON && state.lastRole === state.tokens - 1 && state.tokens <= 3) add(state, "roleMarkers");
  if (mark === LESS || mark === BRACKET || mark === HASH) state.lastBracket = state.tokens;
}

function countShape(state: UnitState, { length, capitals, digits, vowels }: Token): void {
  if (length >= 3 && capitals === length) add(state, "capitalWords");
  const changesInside = capitals > 1 && capitals < length;
  if (length >= 4 && (vowels === 0 || changesInside || (digits > 0 && digits < length))) add(state, "oddWords");
  if (length >= SHORTEST_RUN && (digits > 0 || changesInside)) add(state, "encodedRuns");
}

/** One class after the other; a verb and its object are paired when the later one of them is read. */
function countClasses(state: UnitState, classes: number): void {
  const at = state.tokens;
  const isNear = (place: number) => at - place <= REACH;
  if (at === 0 && (classes & CLASS.question) !== 0) {
    state.isQuestion = true;
    add(state, "questions");
  }
  if (at === 0 && (classes & CLASS.opener) !== 0) add(state, "openers");
  if ((classes & CLASS.negation) !== 0) state.lastNegation = at;
  if ((classes & CLASS.report) !== 0) {
    state.lastReport = at;
    add(state, "reports");
    if (isNear(state.lastOverride)) add(state, "overridesInReports");
  }
  if ((classes & CLASS.you) !== 0) state.lastYou = at;
  if ((classes & CLASS.persona) !== 0) add(state, "personas");
  if ((classes & CLASS.freedom) !== 0) add(state, "freedoms");
  if ((classes & CLASS.refusal) !== 0) add(state, "refusals");
  if ((classes & CLASS.role) !== 0) countRole(state);
  if ((classes & CLASS.scope) !== 0) state.lastScope = at;
  countObjects(state, classes);
  if ((classes & CLASS.override) !== 0) countOverride(state);
  if ((classes & CLASS.reveal) !== 0) {
    state.lastReveal = at;
    if (at === 0) add(state, "revealOpeners");
  }
}

function countRole(state: UnitState): void {
  if (state.lastBracket === state.tokens - 1) add(state, "roleMarkers");
  state.lastRole = state.tokens;
}

function countObjects(state: UnitState, classes: number): void {
  const isNear = (place: number) => state.tokens - place <= REACH;
  if (isNear(state.lastOverride)) {
    if ((classes & CLASS.target) !== 0) add(state, "overridesOfTargets");
    if ((classes & CLASS.scope) !== 0) add(state, "overridesOfScopes");
    if ((classes & CLASS.object) !== 0) add(state, "overridesOfObjects");
  }
  if ((classes & CLASS.target) === 0) return;
  if (isNear(state.lastReveal) && (isNear(state.lastScope) || isNear(state.lastYou))) add(state, "revealsOfTargets");
  if (isNear(state.lastYou)) add(state, "yourTargets");
}

function countOverride(state: UnitState): void {
  const isNear = (place: number) => state.tokens - place <= REACH;
  add(state, "overrides");
  if (state.tokens <= 1) add(state, "overrideOpeners");
  if (isNear(state.lastNegation)) add(state, "negatedOverrides");
  if (isNear(state.lastReport)) add(state, "overridesInReports");
  if (state.isQuestion) add(state, "overridesInQuestions");
  if (state.isInQuote) add(state, "overridesInQuotes");
  state.lastOverride = state.tokens;
}
