import { Template } from "@huggingface/jinja";
import { TEMPLATE_LIMITS, TemplateError, type TemplateLanguage, tooLong } from "./template.ts";

/** Jinja as chat templates are written in it. Blocks take their line breaks with them. It runs where it can be stopped. */
export const jinja: TemplateLanguage = {
  id: "jinja",
  label: "Jinja",
  isBounded: false,
  parse(source) {
    const template = explained(() => new Template(source));
    return (inputs) => {
      const text = explained(() => template.render({ ...inputs }));
      if (text.length > TEMPLATE_LIMITS.output) throw tooLong();
      return text;
    };
  },
};

function explained<Result>(run: () => Result): Result {
  try {
    return run();
  } catch (cause) {
    // The parser looks behind the last tag for the end of a block that has none.
    if (cause instanceof TypeError) throw new TemplateError("a block or an expression has no end", { cause });
    throw new TemplateError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
