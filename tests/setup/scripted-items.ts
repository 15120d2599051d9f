const THINGS = ["loom", "shuttle", "bobbin", "heddle", "treadle", "warp", "weft", "reed", "spindle", "distaff"];
const SYLLABLES = ["ba", "de", "fi", "go", "hu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "wu", "ze"];
const WORDS = 14;

/** Words that are almost unique to a number, so that no two questions are near-duplicates. */
function wordsOf(at: number): string {
  let state = at + 1;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return SYLLABLES[state >>> 28] ?? "";
  };
  return Array.from({ length: WORDS }, () => `${next()}${next()}${next()}`).join(" ");
}

/**
 * A writer that counts its own items, so that test files that share a process do not influence each other. It writes the
 * requested number of distinct items, as chats if the examples are chats. Every fourth item is dull.
 */
export function createItemWriter() {
  let written = 0;
  return (asked: string): string => {
    const many = Number(/Write (\d+) new\.$/.exec(asked)?.[1] ?? 1);
    const isChat = asked.includes('"messages"');
    return `Here you are:\n${JSON.stringify({ items: Array.from({ length: many }, () => writeItem(written++, isChat)) })}`;
  };
}

function writeItem(at: number, isChat: boolean) {
  const question = `Which ${THINGS[at % 10]} goes to weaver ${at}: ${wordsOf(at)}${at % 4 === 3 ? ", to be dull" : ""}?`;
  const answer = `The ${at}th.`;
  if (!isChat) return { inputs: { question }, expected: answer };
  return {
    inputs: { messages: [{ role: "user", content: question }] },
    expected: { role: "assistant", content: answer },
  };
}

/** A judge that gives a low score to dull items only. */
export const scoreOf = (asked: string): string =>
  asked.includes("to be dull") ? '{"reason": "dull", "score": 3}' : '{"reason": "clear", "score": 9}';
