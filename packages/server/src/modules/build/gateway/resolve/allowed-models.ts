import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Call } from "../request/read-call.ts";
import type { Plan } from "./resolve-model.ts";

/** Whether an API key may use a model. In a pattern `*` stands for any characters. Without patterns, every model is allowed. */
export const isAllowed = (patterns: Scope["models"], name: string): boolean =>
  patterns === undefined || patterns.some((pattern) => matches(pattern, name));

/** Compares part by part, so that no pattern takes long. */
function matches(pattern: string, name: string): boolean {
  const [first = "", ...others] = pattern.split("*");
  const last = others.pop();
  if (last === undefined) return name === pattern;
  if (!name.startsWith(first) || name.length < first.length + last.length || !name.endsWith(last)) return false;
  let at = first.length;
  const end = name.length - last.length;
  for (const part of others) {
    const place = name.indexOf(part, at);
    if (place === -1 || place + part.length > end) return false;
    at = place + part.length;
  }
  return true;
}

/**
 * Throws `forbidden` for a model that the caller's API key may not use. An endpoint is allowed by its name, with all of its
 * models; the models in the header `x-treadle-fallback` are checked separately.
 */
export function checkAllowed({ scope: { models }, request, facts }: Call, { endpoint, targets }: Plan): void {
  if (models === undefined) return;
  const names = endpoint ? [request.model] : [request.model, targets[0].name];
  if (!names.some((name) => isAllowed(models, name))) throw notAllowed(request.model, models);
  const other = facts.fallbacks.find((name) => !isAllowed(models, name));
  if (other !== undefined) throw notAllowed(other, models);
}

const notAllowed = (model: string, models: readonly string[]) =>
  new AppError("forbidden", {
    message: `This API key may not use the model "${model.slice(0, 240)}". It may use: ${models.join(", ")}.`,
    details: { param: "model" },
  });
