const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter(Boolean));

/** Words that shape no answer by themselves. Quantities, negations, conjunctions and most prepositions do, so they are missing. */
export const FUNCTION_WORDS = words(`
  a an the am is are be being do does has have having of and it its this that these those there s
  please kindly thanks thank thx hi hello hey ok okay um
`);

/** They may differ, but count in the overlap of two questions. */
export const WEAK_WORDS = words("really actually exactly basically simply just quite literally any so then");

/** The preposition before a word can change its meaning: a train to Berlin, a train in Berlin. */
export const LINKS: ReadonlyMap<string, string> = new Map(
  Object.entries({ to: "to", for: "for", with: "with", in: "at", on: "at", at: "at" }),
);

/** Whom a question is about. */
export const PERSONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    i: "first",
    me: "first",
    my: "first",
    mine: "first",
    we: "first",
    us: "first",
    our: "first",
    ours: "first",
    you: "second",
    your: "second",
    yours: "second",
  }),
);

/** Words with one meaning in a question. The tense and the modality of a question shape its answer. */
export const SAME_WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    which: "what",
    who: "who",
    whom: "who",
    could: "can",
    may: "can",
    might: "can",
    ought: "should",
    would: "will",
    shall: "will",
    was: "past",
    were: "past",
    did: "past",
    had: "past",
    been: "past",
    him: "he",
    his: "he",
    her: "she",
    hers: "she",
    them: "they",
    their: "they",
    theirs: "they",
    zero: "0",
    two: "2",
    three: "3",
    four: "4",
    five: "5",
    six: "6",
    seven: "7",
    eight: "8",
    nine: "9",
    ten: "10",
    eleven: "11",
    twelve: "12",
    twenty: "20",
    thirty: "30",
    fifty: "50",
    hundred: "100",
    thousand: "1000",
  }),
);

/** Whether a word in lower case is no name and no content of a question. */
export const isFunctional = (lower: string): boolean =>
  FUNCTION_WORDS.has(lower) || PERSONS.has(lower) || SAME_WORDS.has(lower);

export const NEGATIONS = words("not no never none nobody nothing neither nor without hardly");

/** How a question is asked, which is no part of it. */
export const POLITE_START = new RegExp(
  [
    "^(?:(?:hi|hello|hey|good (?:morning|afternoon|evening))(?: there)?[,.!:]? )?(?:excuse me[,.!]? )?",
    "(?:(?:please )?(?:can|could|would|will) (?:you|someone|anyone) (?:please |kindly )?",
    "(?:(?:tell me|let me know|explain to me)(?: (?:if|whether))? )?",
    "|(?:please )?(?:tell me|let me know)(?: (?:if|whether))? ",
    "|i(?: would|'d) (?:like|love) to know(?: (?:if|whether))? |i (?:want|need) to know(?: (?:if|whether))? ",
    "|i(?: am|'m| was) (?:just )?wondering(?: (?:if|whether))? |do you (?:happen to )?know |may i ask |quick question[,:]? )?",
  ].join(""),
  "i",
);
export const POLITE_END =
  /[,.!]? (?:please|thanks(?: a lot| in advance)?|thank you(?: very much| in advance)?|thx)[.!?]*$/i;

/** Contractions that are often written without their apostrophe. */
export const WITHOUT_APOSTROPHE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    dont: "don't",
    doesnt: "doesn't",
    didnt: "didn't",
    isnt: "isn't",
    arent: "aren't",
    wasnt: "wasn't",
    werent: "weren't",
    cant: "can't",
    couldnt: "couldn't",
    wont: "won't",
    wouldnt: "wouldn't",
    shouldnt: "shouldn't",
    hasnt: "hasn't",
    havent: "haven't",
    whats: "what's",
    whos: "who's",
    wheres: "where's",
    hows: "how's",
    im: "i'm",
    ive: "i've",
    youre: "you're",
    thats: "that's",
  }),
);
