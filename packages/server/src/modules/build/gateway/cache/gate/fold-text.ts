const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const LOWERED = "₀₁₂₃₄₅₆₇₈₉";

/** Each run of raised or lowered digits as plain digits after a sign. */
const plainDigits = (text: string, digits: string, sign: string) =>
  text.replace(
    new RegExp(`[${digits}]+`, "g"),
    (run) => sign + [...run].map((digit) => digits.indexOf(digit)).join(""),
  );

/**
 * The text in Unicode's compatibility form, with plain apostrophes and single spaces. Powers and fractions keep their
 * meaning: NFKC alone would turn 10² into 102, and 3½ into 31⁄2.
 */
export function foldText(text: string): string {
  const powers = plainDigits(plainDigits(text, RAISED, "^"), LOWERED, "_");
  return powers
    .replace(/[¼-¾⅐-⅞]/g, " $&")
    .normalize("NFKC")
    .replace(/[’‘ʼ`´]/g, "'")
    .replace(/[‐‑‒–—―−]/g, "-")
    .replace(/\s+/g, " ")
    .trim();
}
