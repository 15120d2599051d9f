const THINGS = ["loom", "shuttle", "bobbin", "heddle", "treadle", "warp", "weft", "reed", "spindle", "distaff"];
const SYLLABLES = ["ba", "de", "fi", "go", "hu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "wu", "ze"];
const WORDS = 14;
let written = 0;

/** Words that hardly any other number has, so that no two questions are nearly alike. */
function wordsOf(at: number): string {
  let state = at + 1;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return SYLLABLES[state >>> 28] ?? "";
  };
  return Array.from({ length: WORDS }, () => `${next()}${next()}${next()}`).join(" ");
}

/** As many new items as were asked for, no two of which are alike, as chats where the examples are; every fourth of them is dull. */
export function writeItems(asked: string): string {
  const many = Number(/Write (\d+) new\.$/.exec(asked)?.[1] ?? 1);
  const items = Array.from({ length: many }, () => {
    const at = written++;
    const question = `Which ${THINGS[at % 10]} goes to weaver ${at}: ${wordsOf(at)}${at % 4 === 3 ? ", to be dull" : ""}?`;
    const answer = `The ${at}th.`;
    if (!asked.includes('"messages"')) return { inputs: { question }, expected: answer };
    return {
      inputs: { messages: [{ role: "user", content: question }] },
      expected: { role: "assistant", content: answer },
    };
  });
  return `Here you are:\n${JSON.stringify({ items })}`;
}

/** A judge who likes all but what is dull. */
export const scoreOf = (asked: string): string =>
  asked.includes("to be dull") ? '{"reason": "dull", "score": 3}' : '{"reason": "clear", "score": 9}';
