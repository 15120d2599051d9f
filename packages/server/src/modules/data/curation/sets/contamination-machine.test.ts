import { expect, test } from "vitest";
import { type ComparedText, createContaminationMachine } from "./contamination-machine.ts";

const asked = (prompt: string, answer = ""): ComparedText => ({
  prompts: [prompt],
  prompt,
  all: `${prompt}\n${answer}`,
});
const machineOf = (items: readonly ComparedText[], words = 8) => {
  const machine = createContaminationMachine({ words, similarity: 0.8 });
  machine.addItems(items);
  return machine;
};
const text = (seed: number, length: number) => Array.from({ length }, (_, index) => `w${seed}x${index}`).join(" ");

test("a text with words in a row of an evaluation item is found, with the share of its runs", () => {
  const machine = machineOf([asked(text(1, 20)), asked(text(2, 27))]);
  // Of the 20 runs of eight in 27 words, 10 are within the first 17.
  const within = text(2, 27).split(" ").slice(5, 22).join(" ");
  expect(machine.check([asked(`Before that. ${within}! After that.`), asked(text(3, 30))])).toEqual([
    { row: 0, item: 1, overlap: 0.5, rule: "shared-words" },
  ]);
});

test("one word fewer in a row gives nothing away", () => {
  const machine = machineOf([asked(text(1, 20))]);
  const seven = text(1, 20).split(" ").slice(3, 10).join(" ");
  expect(machine.check([asked(`${seven} and on`)])).toEqual([]);
});

test("words across the prompt and the answer count", () => {
  const machine = machineOf([asked(text(1, 5), text(2, 5))]);
  expect(machine.check([asked(`so ${text(1, 5)}`, text(2, 5))])).toMatchObject([{ item: 0, overlap: 1 }]);
});

test("a short prompt is found when it is the same, or nearly", () => {
  const machine = machineOf([asked("Where is my new card?", "card_arrival"), asked("OK")]);
  expect(
    machine.check([
      asked("where is my new card"),
      asked("Where is my new cards?"),
      asked("Where is the old one?"),
      asked("ok!"),
    ]),
  ).toEqual([
    { row: 0, item: 0, overlap: 1, rule: "same-prompt" },
    { row: 1, item: 0, overlap: expect.closeTo(16 / 17, 2), rule: "similar-prompt" },
    { row: 3, item: 1, overlap: 1, rule: "same-prompt" },
  ]);
});

test("one turn of a conversation that asks the same is enough", () => {
  const machine = machineOf([asked("Where is my new card?")]);
  const turns = ["Hello there", "Where is my new card?"];
  expect(
    machine.check([{ prompts: turns, prompt: turns.join("\n"), all: `${turns.join("\n")}\nHere.` }]),
  ).toMatchObject([{ item: 0, rule: "same-prompt" }]);
});

test("words that most evaluation items begin with give nothing away", () => {
  const template = text(0, 12);
  const machine = machineOf(Array.from({ length: 40 }, (_, index) => asked(`${template} ${text(index + 1, 10)}`)));
  expect(machine.check([asked(`${template} something else entirely`)])).toEqual([]);
  expect(machine.check([asked(`${template} ${text(7, 10)}`)])).toMatchObject([{ item: 6, overlap: 1 }]);
});

test("the most leaked item is reported", () => {
  const machine = machineOf([asked(text(1, 100)), asked(text(2, 12))]);
  const some = text(1, 100).split(" ").slice(0, 9).join(" ");
  expect(machine.check([asked(`${some} then ${text(2, 12)}`)])).toMatchObject([{ item: 1, overlap: 1 }]);
});

test("without evaluation items nothing is found", () => {
  expect(machineOf([]).check([asked("anything at all")])).toEqual([]);
});
