const names = new Intl.DisplayNames("en", { type: "language" });

/** The name of a language, such as *German*; its code if it has none. */
export function languageWords(language: string): string {
  if (language === "und") return "Unknown";
  try {
    return names.of(language) ?? language;
  } catch {
    return language;
  }
}
