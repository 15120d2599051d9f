import { Liquid } from "liquidjs";
import { TEMPLATE_LIMITS, TemplateError, type TemplateLanguage, tooLong } from "./template.ts";

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
    const template = explained(() => engine.parse(source));
    return (inputs) => {
      const text = explained(() => String(engine.renderSync(template, inputs)));
      if (text.length > TEMPLATE_LIMITS.output) throw tooLong();
      return text;
    };
  },
};

function explained<Result>(run: () => Result): Result {
  try {
    return run();
  } catch (cause) {
    const why = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
    throw new TemplateError(why.replace(/, file:\S+/, ""), { cause });
  }
}
