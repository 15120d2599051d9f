import { describe, expect, it } from "vitest";
import { readMarks } from "./verify-claims.ts";

const numbers = (answer: string) => readMarks(answer).map(({ numbers: read }) => read);
const marks = (answer: string) => readMarks(answer).map(({ start, end }) => answer.slice(start, end));

describe("marks", () => {
  it.each([
    ["Cats sleep a lot [1].", [[1]]],
    ["Cats sleep a lot[1, 2].", [[1, 2]]],
    ["Cats sleep a lot [1][2] and [3] eat.", [[1], [2], [3]]],
    [
      "Cats sleep a lot [1-3] [5–6].",
      [
        [1, 2, 3],
        [5, 6],
      ],
    ],
    ["猫睡觉很多【1】。狗不睡【2†source.pdf】", [[1], [2]]],
    ["Cats sleep a lot [^1] and eat ［2］.", [[1], [2]]],
    ["Cats sleep a lot ([1], [3]).", [[1, 3]]],
    ["Cats sleep.[1] Dogs bark! [2]", [[1], [2]]],
    ["- **Cats** sleep `often` [1]\n- Dogs bark [2]", [[1], [2]]],
  ])("are found in %s", (answer, expected) => {
    expect(numbers(answer)).toEqual(expected);
  });

  it("have offsets in the answer", () => {
    expect(marks("Cats sleep [1], [2] a lot ([3]).")).toEqual(["[1]", "[2]", "([3])"]);
  });

  it.each([
    "See [1](https://example.com) and ![1](a.png).",
    "See [the text][1] and [[1]].",
    "[1]: https://example.com",
    "The year [2024] and the place [0] are no sources [4-2].",
    "Set `rows[1]` and ``a ` [2]`` first.",
    "```js\nconst a = [1];\n[2]\n```\n",
    "~~~\n[1]\n```\n[2]",
    "1. Run:\n     ```\n     a [1]\n     ```\n> ```\n> [2]\n> ```\n",
    "Then x = [1, 2] and rows[1].name and f([3]) and list[2] = 4.",
    '{"ids": [1, 2]}',
    "[a link](https://example.com/[1]",
    "An open [1 and a closed 1] and [1,, 2].",
  ])("are not in %s", (answer) => {
    expect(numbers(answer)).toEqual([]);
  });

  it("are found again after a block of code", () => {
    expect(numbers("```\n[1]\n```\nCats sleep [2].")).toEqual([[2]]);
    expect(numbers("````\n```\n[1]\n````\nCats sleep [2].")).toEqual([[2]]);
    expect(numbers("```code``` says that cats sleep [2].")).toEqual([[2]]);
  });
});
