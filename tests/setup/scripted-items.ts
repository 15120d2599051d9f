const THINGS = ["loom", "shuttle", "bobbin", "heddle", "treadle", "warp", "weft", "reed", "spindle", "distaff"];
let written = 0;

/** As many new items as were asked for, no two of which are alike; every fourth of them is dull. */
export function writeItems(asked: string): string {
  const many = Number(/Write (\d+) new\.$/.exec(asked)?.[1] ?? 1);
  const items = Array.from({ length: many }, () => {
    const at = written++;
    const dull = at % 4 === 3 ? ", to be dull" : "";
    const question = `Which ${THINGS[at % 10]} of order ${at * 7_919} goes to weaver ${at * 104_729} by day ${at * 31}${dull}?`;
    return { inputs: { question }, expected: `The ${at}th.` };
  });
  return `Here you are:\n${JSON.stringify({ items })}`;
}

/** A judge who likes all but what is dull. */
export const scoreOf = (asked: string): string =>
  asked.includes("to be dull") ? '{"reason": "dull", "score": 3}' : '{"reason": "clear", "score": 9}';
