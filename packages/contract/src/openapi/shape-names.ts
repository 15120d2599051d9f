import type { z } from "zod";
import * as build from "../build/index.ts";
import * as data from "../data/index.ts";
import { ErrorBody } from "../errors.ts";
import * as evaluate from "../evaluate/index.ts";
import * as observe from "../observe/index.ts";
import { Done } from "../pages.ts";
import * as release from "../release/index.ts";
import * as system from "../system/index.ts";
import * as train from "../train/index.ts";

const isShape = (value: unknown): value is z.ZodType => typeof value === "object" && value !== null && "_zod" in value;
/** `Span` is the name of a shape; `SPAN_KINDS` and `tracesApi` are not. */
const IS_NAME = /^[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*$/;

/**
 * The name of each shape that is a component of the API description. It is the name under which its area exports the shape, so a shape
 * becomes a component by being exported and needs no annotation. Shapes without a name are written in place.
 */
export function shapeNames(): ReadonlyMap<z.ZodType, string> {
  const names = new Map<z.ZodType, string>([
    [ErrorBody, "Error"],
    [Done, "Done"],
  ]);
  for (const area of [system, observe, build, data, evaluate, train, release])
    for (const [name, value] of Object.entries(area))
      if (IS_NAME.test(name) && isShape(value) && !names.has(value)) names.set(value, name);
  return names;
}
