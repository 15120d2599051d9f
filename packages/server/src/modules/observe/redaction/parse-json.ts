const JSON_START = /^\s{0,20}[[{"]/;
const JSON_END = /[\]}"]\s{0,20}$/;

/** The value of a text that is JSON with texts in it; undefined for any other text. */
export function parseJson(text: string): unknown {
  if (!JSON_START.test(text) || !JSON_END.test(text.slice(-30))) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
