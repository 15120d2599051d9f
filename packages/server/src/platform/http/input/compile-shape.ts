import { readShape } from "@treadle/contract";
import { z } from "zod";

/**
 * The `safeParse` of a shape, with code that zod generates for it. On a busy server, most of the cost of a shape is the
 * result object that zod creates for each value in case of an error. Rejected values are parsed again, to find the
 * reason. The code is generated at first use, since a server has hundreds of shapes and each takes half a millisecond.
 * If zod throws, the value is rejected as by {@link readShape}.
 */
export function compileShape<Shape extends z.ZodType>(shape: Shape): Shape["safeParse"] {
  let compiled: Shape | null = null;
  return (value, params) => {
    compiled ??= z.compile(shape);
    try {
      return compiled.safeParse(value, params) as ReturnType<Shape["safeParse"]>;
    } catch {
      return readShape(shape, value) as ReturnType<Shape["safeParse"]>;
    }
  };
}
