type Read = { readonly value: unknown } | { readonly reason: string };

const FENCE = "```";

/**
 * The JSON value of an answer. `isFenced` also accepts a value in a code fence, or between words from the first bracket
 * to the last. Nothing is repaired: invalid JSON returns a reason.
 */
export function jsonIn(output: string, isFenced: boolean): Read {
  const text = output.trim();
  const whole = parse(text);
  if ("value" in whole || !isFenced) return whole;
  const open = text.indexOf(FENCE);
  const close = text.indexOf(FENCE, open + FENCE.length);
  if (open >= 0 && close > open) {
    const inner = text.slice(open + FENCE.length, close).replace(/^[a-zA-Z0-9]{0,20}[ \t]{0,10}\r?\n/, "");
    const fenced = parse(inner.trim());
    if ("value" in fenced) return fenced;
  }
  const from = text.search(/[{[]/);
  const to = Math.max(text.lastIndexOf("}"), text.lastIndexOf("]"));
  const between = from >= 0 && to > from ? parse(text.slice(from, to + 1)) : whole;
  return "value" in between ? between : whole;
}

function parse(text: string): Read {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return {
      reason: `It is not valid JSON: ${error instanceof Error ? error.message.slice(0, 200) : "it cannot be read"}`,
    };
  }
}
