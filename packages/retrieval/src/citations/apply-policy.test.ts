import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toLocation } from "./anthropic-citations.ts";
import type { MarkPolicy } from "./citation.ts";
import { measureCitations } from "./measures.ts";
import { toFileCitations, toUrlCitations } from "./openai-annotations.ts";
import { applyPolicy, createCitationReader, readMarks, verifyClaims } from "./verify-claims.ts";

const SOURCES = [
  { number: 1, text: "Cats sleep sixteen hours a day. They eat fish." },
  { number: 2, text: "Dogs bark at night. 退款需要五个工作日。" },
];
const apply = (answer: string, policy: MarkPolicy) =>
  applyPolicy(answer, verifyClaims({ answer, sources: SOURCES }), policy);

describe("policies", () => {
  it.each([
    ["Cats sleep sixteen hours [1].", "Cats sleep sixteen hours [1]."],
    ["Cats sleep sixteen hours [2].", "Cats sleep sixteen hours."],
    ["Cats sleep sixteen hours [1, 2].", "Cats sleep sixteen hours [1]."],
    ["Cats sleep sixteen hours [2], [1].", "Cats sleep sixteen hours [1]."],
    ["Cats sleep sixteen hours [1], [2].", "Cats sleep sixteen hours [1]."],
    ["Cats sleep sixteen hours ([2]).", "Cats sleep sixteen hours."],
    ["Cats sleep sixteen hours [2]and eat.", "Cats sleep sixteen hours and eat."],
    ["[2] Cats sleep sixteen hours.", "Cats sleep sixteen hours."],
    ["Cats sleep sixteen hours. [2]\n\nMore.", "Cats sleep sixteen hours.\n\nMore."],
    ["Cats sleep sixteen hours【1-2】。", "Cats sleep sixteen hours【1】。"],
    ["Keep `[7]` and [7](https://example.com).", "Keep `[7]` and [7](https://example.com)."],
  ])("remove what is not verified: %s", (answer, expected) => {
    expect(apply(answer, "remove").text).toBe(expected);
  });

  it("flag what is not verified", () => {
    expect(apply("Cats sleep sixteen hours [1, 2].", "flag").text).toBe("Cats sleep sixteen hours [1] [2 unverified].");
    expect(apply("Cats sleep sixteen hours [9].", "flag").text).toBe("Cats sleep sixteen hours [9 unverified].");
  });

  it("give offsets in the resulting text", () => {
    const answer = "Cats sing [2] softly at noon and so on. Cats sleep sixteen hours [1], dogs bark at night [2].";
    const { text, citations } = apply(answer, "remove");
    expect(text).toBe("Cats sing softly at noon and so on. Cats sleep sixteen hours [1], dogs bark at night [2].");
    expect(citations.map(({ claimStart, claimEnd }) => text.slice(claimStart, claimEnd))).toEqual([
      "Cats sleep sixteen hours",
      "dogs bark at night",
    ]);
    expect(citations.map(({ markStart, markEnd }) => text.slice(markStart, markEnd))).toEqual(["[1]", "[2]"]);
  });
});

const piece = fc.constantFrom(
  ..."Cats sleep sixteen hours|dogs bark at night|退款需要五个工作日| |  |\n|. |.|! |。|, |[1]|[2]|[1, 2]|[1-2]|[9]|([1])|【1】|【1†a】|[1](u)|[1].a|[2] = 1|[1]: |[1][a]|[|]|(|)|1|`|```|\n```\n|~~~|: |= |Dr.|👩‍👩‍👧|a|B|[^1]|\t|†|\\".split(
    "|",
  ),
);
const answers = fc.array(piece, { maxLength: 24 }).map((pieces) => pieces.join(""));

function readCut(answer: string, cuts: readonly number[], policy: MarkPolicy) {
  const reader = createCitationReader(SOURCES, { policy });
  const places = [...new Set(cuts.map((cut) => cut % (answer.length + 1)))].sort((a, b) => a - b);
  const ends = [...places, answer.length];
  const steps = ends.flatMap((end, index) => reader.push(answer.slice(ends[index - 1] ?? 0, end)));
  steps.push(...reader.end());
  return { text: steps.map(({ text }) => text).join(""), citations: steps.flatMap(({ citations }) => citations) };
}

describe("the reader of a stream", () => {
  it("gives the same text and citations however the answer is cut", () => {
    fc.assert(
      fc.property(
        answers,
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.constantFrom("remove", "flag", "keep"),
        (answer, cuts, policy) => {
          const whole = apply(answer, policy);
          expect(readCut(answer, cuts, policy)).toEqual(whole);
          expect(
            readCut(
              answer,
              [...answer].map((_, place) => place),
              policy,
            ),
          ).toEqual(whole);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("changes nothing with the policy keep, and shows each mark at its offsets", () => {
    fc.assert(
      fc.property(answers, (answer) => {
        const { text, citations } = apply(answer, "keep");
        expect(text).toBe(answer);
        expect(citations).toEqual(verifyClaims({ answer, sources: SOURCES }));
      }),
      { numRuns: 1000 },
    );
  });

  it("leaves only verified citations with the policy remove, at the marks of the result", () => {
    fc.assert(
      fc.property(answers, (answer) => {
        const { text, citations } = apply(answer, "remove");
        for (const { verified, number, markStart, markEnd, claimStart, claimEnd } of citations) {
          expect(verified).toBe(true);
          expect(text.slice(markStart, markEnd)).toMatch(/[[【］［(].*[-\d].*[\]】］)]/);
          expect(number).toBeGreaterThan(0);
          expect(text.slice(claimStart, claimEnd).trim()).not.toBe("");
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("passes text on immediately and holds only what can become a mark", () => {
    const reader = createCitationReader(SOURCES);
    const texts = ["Cats sleep ", "sixteen", " hours ", "[", "1", "]", ", and", " more [2", "]. End"].map((delta) =>
      reader
        .push(delta)
        .map(({ text }) => text)
        .join(""),
    );
    expect(texts).toEqual(["Cats sleep", " sixteen", " hours", "", "", "", " [1], and", " more", ". End"]);
    expect(reader.end()).toEqual([]);
  });

  it("holds a mark without a clause until its sentence ends", () => {
    const reader = createCitationReader(SOURCES);
    expect(reader.push("According to [1], cats sleep sixteen hours. ")).toEqual([
      { text: "According to", citations: [] },
    ]);
    const [step] = reader.push("D");
    expect(step?.text).toBe(" [1], cats sleep sixteen hours. D");
    expect(step?.citations).toHaveLength(1);
  });

  it("reads a long answer in small pieces in a time that grows with its length", () => {
    const reader = createCitationReader(SOURCES);
    const answer = "Cats sleep sixteen hours a day [1]. ".repeat(2000);
    let citations = 0;
    for (let place = 0; place < answer.length; place += 4)
      for (const step of reader.push(answer.slice(place, place + 4))) citations += step.citations.length;
    for (const step of reader.end()) citations += step.citations.length;
    expect(citations).toBe(2000);
  });
});

describe("measures", () => {
  it("count verified citations and cited sentences", () => {
    const answer =
      "# Sleep of cats\nCats sleep sixteen hours [1]. Dogs sing at noon and dance [2]. Why is that so? They eat fish.";
    const measures = measureCitations(answer, verifyClaims({ answer, sources: SOURCES }));
    expect(measures).toMatchObject({ precision: 0.5, recall: 1 / 3, citations: 2, sentences: 3 });
    expect(measures.uncited.map(({ start, end }) => answer.slice(start, end))).toContain("They eat fish.");
  });

  it("are null where there is nothing to measure", () => {
    expect(measureCitations("Hello.", [])).toMatchObject({ precision: null, recall: null });
  });
});

describe("shapes of other interfaces", () => {
  const answer = "Cats sleep sixteen hours [1].";
  const citations = verifyClaims({ answer, sources: SOURCES });

  it("are OpenAI's annotations", () => {
    expect(toFileCitations(citations, () => ({ fileId: "file-1", filename: "cats.pdf" }))).toEqual([
      { type: "file_citation", file_id: "file-1", filename: "cats.pdf", index: answer.indexOf("[1]") },
    ]);
    const [annotation] = toUrlCitations(citations, () => ({ url: "https://example.com", title: "Cats" }));
    expect(annotation).toMatchObject({ type: "url_citation", url: "https://example.com", title: "Cats" });
    expect(answer.slice(annotation?.start_index, annotation?.end_index)).toBe("[1]");
    expect(toFileCitations(citations, () => null)).toEqual([]);
    expect(toUrlCitations(citations, () => null)).toEqual([]);
  });

  it("are Anthropic's locations", () => {
    const [citation] = citations;
    if (!citation) throw new Error("no citation");
    expect(toLocation(citation, { index: 2, title: "Cats", offset: 100 })).toEqual({
      type: "char_location",
      cited_text: "Cats sleep sixteen hours",
      document_index: 2,
      document_title: "Cats",
      file_id: null,
      start_char_index: 100,
      end_char_index: 124,
    });
    expect(toLocation(citation, { index: 0, title: null, fileId: "f", pages: { first: 3, last: 3 } })).toMatchObject({
      type: "page_location",
      file_id: "f",
      start_page_number: 3,
      end_page_number: 4,
    });
  });
});

it("reads marks the same as the verification does", () => {
  fc.assert(
    fc.property(answers, (answer) => {
      const cited = verifyClaims({ answer, sources: SOURCES }).map(({ number, markStart }) => [number, markStart]);
      expect(readMarks(answer).flatMap(({ numbers, start }) => numbers.map((number) => [number, start]))).toEqual(
        cited,
      );
    }),
  );
});
