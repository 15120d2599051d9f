/** A text that is shown instead of what a guard blocked, in several languages. */
export type Refusal = {
  /** For all other languages. */
  readonly text: string;
  /** By language, such as `de` or `de-AT`. */
  readonly texts: Readonly<Record<string, string>>;
};

/** The text in the first of the wished languages that there is: in the exact form, or else in any form of the language. */
export function refusalIn({ text, texts }: Refusal, wishes: readonly string[]): string {
  const entries = Object.entries(texts).map(([language, own]) => ({ language: language.toLowerCase(), own }));
  for (const wish of wishes.map((one) => one.toLowerCase())) {
    const base = baseOf(wish);
    const match =
      entries.find(({ language }) => language === wish) ??
      entries.find(({ language }) => language === base) ??
      entries.find(({ language }) => baseOf(language) === base);
    if (match) return match.own;
  }
  return text;
}

const baseOf = (language: string) => language.split("-", 1)[0] ?? "";

/** The languages of an `accept-language` header, the most wished first. */
export const readLanguages = (header: string): readonly string[] =>
  header
    .split(",")
    .slice(0, 50)
    .map((part) => {
      const [language = "", ...parameters] = part.trim().split(";");
      const quality = /^\s*q=([01](?:\.\d{1,3})?)\s*$/.exec(parameters.join(";"))?.[1];
      return { language: language.trim(), quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ language, quality }) => quality > 0 && /^[a-z]{2,3}(?:-[a-z0-9]{1,8})*$/i.test(language))
    .toSorted((one, two) => two.quality - one.quality)
    .map(({ language }) => language);
