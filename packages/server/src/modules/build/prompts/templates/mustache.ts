import { parseMustache } from "@treadle/sdk/mustache";
import { asTemplateError, type TemplateLanguage } from "./template.ts";

/** The language that the SDK fills in too, by the same code. */
export const mustache: TemplateLanguage = {
  id: "mustache",
  label: "Mustache",
  isBounded: true,
  parse(source) {
    const template = asTemplateError(() => parseMustache(source));
    return (inputs) => asTemplateError(() => template(inputs));
  },
};
