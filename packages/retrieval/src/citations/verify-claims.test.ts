import { describe, expect, it } from "vitest";
import { verifyClaims } from "./verify-claims.ts";

const SOURCES = [
  {
    number: 1,
    text: "Refund policy. A refund takes five business days after the bank confirms it. Fees of 1,250 euros are not refunded.",
  },
  { number: 2, text: "Cats sleep between 12 and 16 hours a day. Dogs sleep about ten hours, and they bark at night." },
  { number: 3, text: "退款需要五个工作日。银行决定具体时间。" },
];
const verify = (answer: string, threshold?: number) => verifyClaims({ answer, sources: SOURCES }, { threshold });
const claims = (answer: string) => verify(answer).map(({ claimStart, claimEnd }) => answer.slice(claimStart, claimEnd));

describe("the claim of a mark", () => {
  it.each([
    ["Hello. Cats sleep a lot [2].", ["Cats sleep a lot"]],
    ["Hello. Cats sleep a lot. [2] Dogs bark.", ["Cats sleep a lot."]],
    ["Cats sleep a lot [2], and dogs sleep less [1].", ["Cats sleep a lot", "and dogs sleep less"]],
    ["Cats sleep a lot [1][2].", ["Cats sleep a lot", "Cats sleep a lot"]],
    ["According to [2], cats sleep a lot. Dogs bark.", ["According to [2], cats sleep a lot."]],
    ["Dogs bark loudly. [2] says that cats sleep.", ["says that cats sleep."]],
    ["Dr. Smith pays 3.5 euros, approx. five [1].", ["Dr. Smith pays 3.5 euros, approx. five"]],
    ["1. Cats sleep a lot [2]\n2. Dogs bark at night [2]", ["1. Cats sleep a lot", "2. Dogs bark at night"]],
    ["退款需要五个工作日【3】。猫睡觉。", ["退款需要五个工作日"]],
    ["猫睡觉。退款需要五个工作日。[3]", ["退款需要五个工作日。"]],
  ])("is found in %s", (answer, expected) => {
    expect(claims(answer)).toEqual(expected);
  });
});

describe("verification", () => {
  it("finds a quote whatever its case, white space, quotes and dashes are", () => {
    const [citation] = verify("A **refund** takes five  business days after the bank confirms it [1].");
    expect(citation).toMatchObject({
      number: 1,
      sourceIndex: 0,
      verified: true,
      score: 1,
      reason: "quote",
      quote: "A refund takes five business days after the bank confirms it",
      sourceStart: SOURCES[0]?.text.indexOf("A refund"),
    });
  });

  it("finds a paraphrase, and shows the sentence of the source", () => {
    const [citation] = verify("The refund arrives within 5 business days [1].");
    expect(citation).toMatchObject({ verified: true, reason: "overlap" });
    const [other] = verify("After the bank's confirmation, refunds take five business days [1].");
    expect(other).toMatchObject({ verified: true, reason: "overlap" });
    expect(other?.quote).toBe("A refund takes five business days after the bank confirms it.");
  });

  it("rejects a claim on another subject and a source that does not exist", () => {
    expect(verify("The moon orbits the earth every month [2].")[0]).toMatchObject({
      verified: false,
      reason: "low-overlap",
    });
    expect(verify("Cats sleep a lot every day [9].")[0]).toMatchObject({
      verified: false,
      reason: "unknown-source",
      sourceIndex: -1,
    });
    expect(verify("[1]")[0]).toMatchObject({ verified: false, reason: "no-claim" });
  });

  it("needs every number of the claim, in any notation with commas", () => {
    expect(verify("Cats sleep up to 18 hours per day [2].")[0]).toMatchObject({ reason: "number-missing" });
    expect(verify("Cats sleep up to 16 hours per day [2].")[0]?.verified).toBe(true);
    expect(verify("Fees of 1250 euros are never refunded [1].")[0]?.verified).toBe(true);
    expect(verify("Fees of 250 euros are not refunded [1].")[0]).toMatchObject({ reason: "number-missing" });
    expect(verify("Fees of 50 euros are not refunded [1].")[0]?.verified).toBe(false);
  });

  it("rejects a quotation that is not in the source", () => {
    expect(verify('The policy says "a refund takes five business days" [1].')[0]?.verified).toBe(true);
    expect(verify("The policy says “a refund takes nearly five business days” [1].")[0]).toMatchObject({
      verified: false,
      reason: "quote-missing",
    });
  });

  it("reads languages without spaces", () => {
    expect(verify("退款一般需要五个工作日【3】。")[0]).toMatchObject({ verified: true, reason: "overlap" });
    expect(verify("猫每天睡十六个小时【3】。")[0]).toMatchObject({ verified: false, reason: "low-overlap" });
    const thai = { number: 1, text: "การคืนเงินใช้เวลาห้าวันทำการ" };
    const answer = "การคืนเงินใช้เวลาประมาณห้าวันทำการ [1]";
    expect(verifyClaims({ answer, sources: [thai] })[0]?.verified).toBe(true);
  });

  it("lets sources that are cited together share a claim, but not a source without any of it", () => {
    const verified = (answer: string) => verify(answer).map((citation) => citation.verified);
    const shared = "A refund takes five business days after the bank confirms, and dogs bark at night";
    expect(verified(`${shared} [1][2].`)).toEqual([true, true]);
    expect(verified(`${shared} [2].`)).toEqual([false]);
    expect(verified(`${shared} [1, 3].`)).toEqual([true, false]);
    expect(verified("Cats sleep 16 hours a day, and fees of 1,250 euros are not refunded [1][2].")).toEqual([
      true,
      true,
    ]);
    expect(verified("Cats sleep 17 hours a day, and fees of 1,250 euros are not refunded [1][2].")).toEqual([
      false,
      false,
    ]);
  });

  it("prefers a passage with the numbers of the claim to a passage with more of its words", () => {
    const text = `Cats sleep many hours every day in baskets. ${"Other words follow here. ".repeat(20)}Cats sleep 16 hours.`;
    const answer = "Cats sleep 16 hours every day [1].";
    const [citation] = verifyClaims({ answer, sources: [{ number: 1, text }] });
    expect(citation).toMatchObject({ verified: true, quote: "Cats sleep 16 hours." });
  });

  it("follows the threshold", () => {
    const answer = "Cats sleep well in warm baskets near windows [2].";
    expect(verify(answer, 0.2)[0]?.verified).toBe(true);
    expect(verify(answer)[0]?.verified).toBe(false);
  });

  it("rejects a threshold out of range and sources with the same number", () => {
    expect(() => verify("A [1]", 0)).toThrow("The threshold is 0");
    const [first = { number: 1, text: "" }] = SOURCES;
    expect(() => verifyClaims({ answer: "", sources: [first, first] })).toThrow("Two sources have the same number");
  });
});
