// The words and phrases that the product does not use, and what to write instead.
// A pattern is here only where nearly every match is one to replace: a false alarm costs a writer more than a miss.

const NUMBER =
  "(?:\\d[\\d,.]*|a (?:few|dozen|hundred|thousand)|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty|hundreds?|thousands?|millions?)";
const PERIOD = "(?:second|minute|hour|day|week|month|year)";
const EACH = `(?:${PERIOD}|answer|step|item|call|request|token|row|run|word|span|trace|page|image|label|judge|person|user)`;

/** Each is a pattern, what to write instead, and a sentence that it must object to. */
export const PHRASES = [
  { pattern: /\bmend(?:s|ed|ing)?\b/i, instead: "fix", offence: "It mends the file." },
  { pattern: /\banew\b/i, instead: "again", offence: "The run starts anew." },
  { pattern: /\bbesides?\b/i, instead: "with, next to, in addition to", offence: "The file lies beside it." },
  {
    pattern:
      /\b(?:stands?|stood) (?:on|at|in(?! for\b)|above|below|under|beside|there|behind|before|still|with|next to)\b/i,
    instead: "is, appears, is available",
    offence: "The verdict stands on the version.",
  },
  { pattern: /\bto be had\b/i, instead: "is available", offence: "The model is to be had." },
  { pattern: /\b(?:told|tell|tells) apart\b/i, instead: "distinguished", offence: "They can be told apart." },
  {
    pattern: /\b(?:is|are|was|were|be|been) (?:told|said)\b|\btold of\b/i,
    instead: "is reported",
    offence: "It is said so.",
  },
  { pattern: /\bsa(?:y|ys|id) of\b/i, instead: "shows, reports", offence: "The judge says of it that it is wrong." },
  {
    pattern:
      /\bwhat (?:is|was|are|were|has been) (?:asked|given|said|sent|kept|stored|meant|wanted|tried|seen|measured|asked for)\b/i,
    instead: "the noun, such as the request or the input",
    offence: "It depends on what was given.",
  },
  {
    pattern: /\bwhat (?:came|comes|went|goes)\b/i,
    instead: "the noun, such as the response",
    offence: "It stores what came.",
  },
  { pattern: /\bwho (?:asks|asked|is asking)\b/i, instead: "the caller", offence: "It tells who asked." },
  { pattern: /\bwhoever\b/i, instead: "the user, anyone who", offence: "Whoever has the link can read." },
  { pattern: /\bsomebody\b/i, instead: "a user, someone", offence: "Somebody changed it." },
  { pattern: /\bnobody(?:['’]s)?\b/i, instead: "no user, unassigned", offence: "It is nobody's." },
  { pattern: /\b(?:those|that) of\b/i, instead: "repeat the noun", offence: "The rows are those of the version." },
  { pattern: /\b(?:the )?one (?:that|which)\b/i, instead: "repeat the noun", offence: "Choose the one which is best." },
  {
    pattern: /\bof (?:its|their|his|her|your|our|my) own\b/i,
    instead: "own, separate",
    offence: "It has a page of its own.",
  },
  {
    pattern: /\b(?:is|are|was|were|be|been|being) kept\b/i,
    instead: "is stored, is retained",
    offence: "The key is kept.",
  },
  { pattern: /\bkeeps\b/i, instead: "stores, retains", offence: "It keeps the key." },
  { pattern: /\b(?:takes?|took|taking) turns\b/i, instead: "alternate", offence: "Adapters take turns." },
  { pattern: /\b(?:gives?|gave|giving) way\b/i, instead: "yield", offence: "Training gives way." },
  { pattern: /\bin (?:its|their) turn\b/i, instead: "in order", offence: "Each is read in its turn." },
  { pattern: /\b(?:dear|dearer|dearest)\b/, instead: "expensive", offence: "It is the dearest call." },
  { pattern: /\b(?:to|on) either side\b/i, instead: "on each side", offence: "Two rows to either side." },
  { pattern: /\bpieces? of feedback\b/i, instead: "feedback, a feedback entry", offence: "A piece of feedback." },
  {
    pattern: /\bby way of\b|\bthe way (?:it|they|the|you|a|that|in which)\b/i,
    instead: "through, how",
    offence: "That is the way it works.",
  },
  {
    pattern: /\bwithout need\b|\bneeds not\b/i,
    instead: "unnecessary, does not need to",
    offence: "It needs not run.",
  },
  { pattern: /\bunder way\b/i, instead: "running, in progress", offence: "The run is under way." },
  { pattern: /\blately\b|\bof late\b/i, instead: "recently", offence: "It was lately used." },
  { pattern: new RegExp(`\\bsome ${NUMBER}\\b`, "i"), instead: "about", offence: "It takes some 20 seconds." },
  {
    pattern: new RegExp(
      `\\b(?:[kKMGT]i?B|bytes|tokens|dollars|USD|cents|cost|budget|price|milliseconds|ms) an? ${EACH}\\b|\\b(?:calls|requests|spans|rows|items|steps|answers|messages|runs|seconds|minutes|time|times) an? ${PERIOD}\\b|\\btime an? (?:step|item|call|answer)\\b`,
    ),
    instead: "per",
    offence: "It takes 20 requests a second.",
  },
  { pattern: /\b(?:goes|go|going|went) on\b/i, instead: "continue", offence: "The run goes on." },
  {
    pattern: /\b(?:lets?|letting) go\b|\b(?:gives?|given|gave|giving) back\b/i,
    instead: "release, return",
    offence: "The lease is given back.",
  },
  { pattern: /\b(?:turns?|turned|turning) away\b/i, instead: "reject", offence: "The request is turned away." },
  { pattern: /\b(?:takes|taken|took) back\b/i, instead: "undo, withdraw", offence: "The label was taken back." },
  { pattern: /\bat once\b/i, instead: "immediately, or how many at once", offence: "It stops at once." },
];

/** After these words, "at once" means that several things happen together. */
const TOGETHER =
  /\b(?:\d[\d,]*|one|two|three|four|eight|many|much|several|all|both|everything|every|together|parallel|requests|calls|runs|jobs)\b[^.]{0,40}$/i;

/** The same patterns over any blank, so that a phrase is found across the end of a line. */
const READY = PHRASES.map(({ pattern, instead }) => ({
  pattern: new RegExp(pattern.source.replaceAll(" ", "\\s+"), `${pattern.flags}g`),
  instead,
}));
const ANY = new RegExp(READY.map(({ pattern }) => pattern.source).join("|"), "i");

/** The phrases of a text to replace: where each begins, its words, and what to write instead. */
export function findPhrases(text) {
  if (!ANY.test(text)) return [];
  return READY.flatMap(({ pattern, instead }) =>
    [...text.matchAll(pattern)]
      .filter(({ 0: words, index }) => !/^at\s+once$/i.test(words) || !TOGETHER.test(text.slice(0, index)))
      .map(({ 0: words, index }) => ({ index, words, instead })),
  );
}
