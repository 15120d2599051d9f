import { expect, test } from "vitest";
import { createRandom } from "../../../system/samples/random.ts";
import { asking, runStep, textOfWords } from "../testing/step-context.ts";
import { nearDuplicates } from "./near-duplicates.ts";

const random = createRandom(11);
const pick = <T>(values: readonly [T, ...T[]]): T => values[random.integer(0, values.length - 1)] ?? values[0];

const SUBJECTS = "card account transfer refund payment statement passcode receipt invoice password".split(" ");
const VERBS = "activate cancel delay freeze track verify close dispute locate renew replace export".split(" ");
const PLACES = "Berlin Nairobi Lima Oslo Madrid Hanoi Toronto Lagos Lisbon Quito Dublin Prague".split(" ");
const ENDS = "before Monday,after my holiday,without a phone,for my daughter,through the website".split(",");
type Parts = Readonly<Record<"verb" | "subject" | "place" | "end", string>>;
const FRAMES: readonly ((parts: Parts) => string)[] = [
  ({ verb, subject, place, end }) => `Could someone in ${place} ${verb} the ${subject} ${end}?`,
  ({ verb, subject, place, end }) => `I tried to ${verb} my ${subject} ${end} and ${place} says no.`,
  ({ verb, subject, place, end }) => `${place}: why is it impossible to ${verb} a ${subject} ${end}?`,
];

/** Different questions of about ten words, in a fixed order. */
function questions(count: number): string[] {
  const all = FRAMES.flatMap((frame, at) =>
    VERBS.flatMap((verb, first) =>
      SUBJECTS.map((subject, second) => {
        const place = PLACES[(first * 5 + second + at) % PLACES.length] ?? "";
        return frame({ verb, subject, place, end: ENDS[(first + second) % ENDS.length] ?? "" });
      }),
    ),
  );
  return all.slice(0, count);
}

/** Small changes that people and programs make to a text. */
const CHANGES: readonly [(text: string) => string, ...((text: string) => string)[]] = [
  (text) => {
    const at = random.integer(1, text.length - 2);
    return `${text.slice(0, at)}x${text.slice(at + 1)}`;
  },
  (text) => {
    const words = text.split(" ");
    return words.toSpliced(random.integer(0, words.length - 1), 1).join(" ");
  },
  (text) => text.split(" ").toSpliced(random.integer(1, 5), 0, "please").join(" "),
  (text) => `Hello, ${text}`,
  (text) => `${text.toLowerCase().replace(/[?.]$/, "")} thanks`,
];

test("with default settings 200 planted short near-duplicates are mostly found, and other short texts stay", async () => {
  const originals = questions(200).map((text, row) => asking(`it_${row}`, text));
  const planted = questions(200).map((text, row) => asking(`copy_${row}`, pick(CHANGES)(text)));
  const alone = await runStep(nearDuplicates, { items: originals }, { of: "prompt" });
  expect(alone.filter(({ keep }) => !keep)).toHaveLength(0);

  const notes: string[] = [];
  const verdicts = await runStep(nearDuplicates, { items: [...originals, ...planted], notes }, { of: "prompt" });
  const removed = verdicts.filter(({ keep }) => !keep);
  expect(removed.length).toBeGreaterThan(180);
  for (const { item, related } of removed) expect(related?.itemId).toBe(item.itemId.replace("copy", "it"));
  expect(removed[0]).toMatchObject({ rule: "near-duplicate", threshold: 0.7 });
  expect(notes[0]).toBe(
    "400 short texts (up to 20 words) compared by 3 characters in a row. Near-duplicates have a similarity of at least 0.7 and the same numbers.",
  );
});

test("short texts that differ in a number are no near-duplicates, unless numbers are ignored", async () => {
  const items = [17, 18, 19].map((number) =>
    asking(`it_${number}`, `Where is the parcel with order number 45${number}?`),
  );
  const keepWith = async (params: object) =>
    (await runStep(nearDuplicates, { items }, params)).filter(({ keep }) => keep);
  expect(await keepWith({})).toHaveLength(3);
  expect(await keepWith({ ignoreNumbers: true })).toHaveLength(1);
});

test("a changed word is found in texts of every length", async () => {
  for (const length of [8, 16, 20, 21, 40, 60, 72, 73, 200]) {
    const text = textOfWords(1, length);
    const changed = text
      .split(" ")
      .toSpliced(Math.floor(length / 2), 0, "other")
      .join(" ");
    const verdicts = await runStep(nearDuplicates, { items: [asking("a", text), asking("b", changed)] }, {});
    expect(
      verdicts.map(({ keep }) => keep),
      `${length} words`,
    ).toEqual([true, false]);
  }
});

test("a threshold alone leaves the pieces to the length of the texts", async () => {
  const items = [asking("a", "How do I activate my new card?"), asking("b", "How do I activate my card?")];
  expect((await runStep(nearDuplicates, { items }, { threshold: 0.5 }))[1]).toMatchObject({
    keep: false,
    threshold: 0.5,
  });
  expect((await runStep(nearDuplicates, { items }, { threshold: 0.95 }))[1]).toMatchObject({ keep: true });
});
