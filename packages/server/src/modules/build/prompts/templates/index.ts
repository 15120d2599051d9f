import type { PromptFormat } from "@treadle/contract";
import { jinja } from "./jinja.ts";
import { liquid } from "./liquid.ts";
import { mustache } from "./mustache.ts";
import type { TemplateLanguage } from "./template.ts";

/** The languages of templates, the default first. */
const LANGUAGES = [mustache, liquid, jinja] as const satisfies readonly TemplateLanguage[];

export function languageOf(format: PromptFormat): TemplateLanguage {
  const language = LANGUAGES.find(({ id }) => id === format);
  if (!language) throw new Error(`there is no template language ${format}`);
  return language;
}
