import { readShape } from "@treadle/contract";
import { z } from "zod";

/**
 * The `safeParse` of a shape, by code that zod generates for it: where a server does many things in turn, what a shape costs as it stands
 * is mostly the object that zod makes for each value in case something is wrong with it. What is refused is read once more, to say why.
 * The code is made when it is used first, since a server has hundreds of shapes and half a millisecond goes into each. What zod throws over is
 * refused as {@link readShape} refuses it.
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
