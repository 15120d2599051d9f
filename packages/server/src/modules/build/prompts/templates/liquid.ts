import { Liquid } from "liquidjs";
import { asTemplateError, TEMPLATE_LIMITS, type TemplateLanguage, tooLong } from "./template.ts";

/** Reads no files: what another prompt says comes by an include, before Liquid sees the text. */
const engine = new Liquid({
  ownPropertyOnly: true,
  strictFilters: true,
  templates: {},
  parseLimit: TEMPLATE_LIMITS.source,
  renderLimit: 1_000,
  memoryLimit: 20_000_000,
});

/** Shopify's template language, with filters and loops. It runs where it can be stopped. */
export const liquid: TemplateLanguage = {
  id: "liquid",
  label: "Liquid",
  isBounded: false,
  parse(source) {
    const template = asTemplateError(() => engine.parse(source), messageOf);
    return (inputs) => {
      const text = asTemplateError(() => String(engine.renderSync(template, inputs)), messageOf);
      if (text.length > TEMPLATE_LIMITS.output) throw tooLong();
      return text;
    };
  },
};

/** The first line, without the file that there is none of. */
function messageOf(cause: unknown): string {
  const message = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
  return message.replace(/, file:\S+/, "");
}
