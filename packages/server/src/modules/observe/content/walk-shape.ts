import type { ContentMark, Shape } from "@treadle/contract";
import { contentMarkOf } from "@treadle/contract";
import { z } from "zod";
import { isRecord } from "../../../kernel/is-record.ts";

/** How a visitor treats a marked value. It returns the value or its replacement. */
export type Visit = (mark: ContentMark, value: unknown, schema: Shape) => unknown;
/** Returns the same value if nothing in it was replaced. */
export type Walk = (value: unknown) => unknown;

/** Visits all marked values of a shape. Null if the shape has none. */
export function compileWalk(shape: Shape, visit: Visit): Walk | null {
  const mark = contentMarkOf(shape);
  if (mark !== undefined) return (value) => (value === undefined ? value : visit(mark, value, shape));
  const inner = innerOf(shape);
  if (inner !== null) return compileWalk(inner, visit);
  if (shape instanceof z.ZodObject) return walkObject(shape, visit);
  if (shape instanceof z.ZodArray) return walkEach(compileWalk(shape.element as Shape, visit));
  if (shape instanceof z.ZodRecord) return walkValues(compileWalk(shape.valueType as Shape, visit));
  if (shape instanceof z.ZodUnion) return walkOptions(shape.options as readonly Shape[], visit);
  if (shape instanceof z.ZodIntersection)
    return walkOptions([shape.def.left as Shape, shape.def.right as Shape], visit);
  return null;
}

/** The shape within a shape that only makes it optional or gives it a default. */
export function innerOf(shape: Shape): Shape | null {
  if (shape instanceof z.ZodPipe) return shape.in as Shape;
  if (
    shape instanceof z.ZodOptional ||
    shape instanceof z.ZodNullable ||
    shape instanceof z.ZodDefault ||
    shape instanceof z.ZodPrefault ||
    shape instanceof z.ZodReadonly
  )
    return shape.def.innerType as Shape;
  return null;
}

const FLAG = "isContentHidden";

function walkObject({ shape }: z.ZodObject, visit: Visit): Walk | null {
  const fields = Object.entries(shape).flatMap(([name, field]): [string, Walk][] => {
    const walk = compileWalk(field as Shape, visit);
    return walk === null ? [] : [[name, walk]];
  });
  if (fields.length === 0) return null;
  const hasFlag = FLAG in shape;
  return (value) => {
    if (!isRecord(value)) return value;
    const changed: Record<string, unknown> = {};
    for (const [name, walk] of fields) {
      if (!(name in value)) continue;
      const next = walk(value[name]);
      if (next !== value[name]) changed[name] = next;
    }
    if (Object.keys(changed).length === 0) return value;
    return { ...value, ...changed, ...(hasFlag && { [FLAG]: true }) };
  };
}

const walkEach = (walk: Walk | null): Walk | null =>
  walk && ((value) => (Array.isArray(value) ? value.map(walk) : value));

const walkValues = (walk: Walk | null): Walk | null =>
  walk &&
  ((value) =>
    isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, held]) => [key, walk(held)])) : value);

/** Marks of any option count: which option a value has is not known here. */
function walkOptions(options: readonly Shape[], visit: Visit): Walk | null {
  const walks = options.flatMap((option) => compileWalk(option, visit) ?? []);
  if (walks.length === 0) return null;
  return (value) => walks.reduce((held, walk) => walk(held), value);
}
