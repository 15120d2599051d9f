import { Template } from "@huggingface/jinja";
import { messageOf } from "../../../../kernel/message-of.ts";
import { asTemplateError, TEMPLATE_LIMITS, type TemplateLanguage, tooLong } from "./template.ts";

/** Jinja as chat templates are written in it. Blocks take their line breaks with them. It runs where it can be stopped. */
export const jinja: TemplateLanguage = {
  id: "jinja",
  label: "Jinja",
  isBounded: false,
  parse(source) {
    const template = asTemplateError(() => new Template(source), problemOf);
    return (inputs) => {
      const text = asTemplateError(() => template.render({ ...inputs }), problemOf);
      if (text.length > TEMPLATE_LIMITS.output) throw tooLong();
      return text;
    };
  },
};

function problemOf(cause: unknown): string {
  // The parser looks behind the last tag for the end of a block that has none.
  if (cause instanceof TypeError) return "a block or an expression is not closed";
  return messageOf(cause);
}
