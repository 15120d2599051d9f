/** Text that addresses a judge. It is only a hint: the boundary and the response's mark are the protection. */
const TALKS_TO_THE_JUDGE = [
  /\b(?:ignore|disregard|forget)\b.{0,40}\b(?:instruction|prompt|rule|rubric|criteria|above|previous)/is,
  /["']?\b(?:score|rating|verdict|grade)\b["']?\s*[:=]\s*["']?\d/i,
  /\b(?:give|award|assign|rate|score)\b.{0,40}\b(?:full marks|maximum|highest|perfect|10\/10|5\/5|100)/is,
  /\b(?:dear|attention|note to(?: the)?)\b.{0,20}\b(?:judge|grader|evaluator|rater)/is,
  /\b(?:repeat|use|copy|include|return)\b.{0,40}\b(?:id|mark|token|nonce)\b/i,
  /<\/?(?:system|assistant|instructions?)>|\[\/?INST\]|<\|im_(?:start|end)\|>/i,
];
const MOST_CHARACTERS = 20_000;

/** Whether a text looks as if it were written for the judge. */
export const looksInjected = (text: string): boolean =>
  TALKS_TO_THE_JUDGE.some((pattern) => pattern.test(text.slice(0, MOST_CHARACTERS)));
