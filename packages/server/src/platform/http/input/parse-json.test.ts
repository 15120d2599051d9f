import { expect, test } from "vitest";
import { parseJson } from "./parse-json.ts";

const parse = (text: string) => parseJson(Buffer.from(text));

test("keys that could reach an object's prototype are dropped at every depth, however they are spelled", () => {
  const value = parse(
    '{"a":{"__proto__":{"isAdmin":true},"b":[{"\\u005f_proto__":{"isAdmin":true}}]},"constructor":{"prototype":{"isAdmin":true}}}',
  );
  const copy = Object.assign({}, (value as { a: object }).a);
  expect("isAdmin" in copy).toBe(false);
  expect(value).toEqual({ a: { b: [{}] }, constructor: { prototype: { isAdmin: true } } });
  expect(Reflect.get({}, "isAdmin")).toBeUndefined();
});

test("bytes that are not UTF-8 are rejected, not repaired", () => {
  expect(() => parseJson(Buffer.from([0x22, 0xff, 0x22]))).toThrow("not valid UTF-8");
});

test("what is not JSON is refused with its place but without its text", () => {
  const message = (text: string) => {
    try {
      parse(text);
    } catch (error) {
      return String(error);
    }
    return "accepted";
  };
  expect(message('{"secret" oops}')).toMatch(/not valid JSON: look at character \d+/);
  expect(message('{"secret" oops}')).not.toContain("secret");
  expect(message('{"secret":')).toContain("ends too soon");
});

test("U+0000, direction marks and tag characters arrive as they were written", () => {
  for (const text of ["\u0000", "\u202e", "\u200b", "\u{e0041}", "😀"])
    expect(parse(JSON.stringify([text]))).toEqual([text]);
  expect(parse('["\\ud83d\\ude00"]')).toEqual(["😀"]);
});

test("half a surrogate pair is refused with its place, in values and in keys", () => {
  const refused = [
    ['{"a":["x",{"b":"x\\ud800"}]}', "body.a[1].b"],
    ['"\\uDC00y"', "body"],
    ['{"a":{"\\udc00":1}}', "A key of body.a"],
    ['["\\ude00\\ud83d"]', "body[0]"],
  ] as const;
  for (const [text, path] of refused)
    expect(() => parse(text)).toThrow(`${path} contains half of a surrogate pair, such as a cut emoji`);
});

test("half a surrogate pair becomes U+FFFD where another server judges the body", () => {
  const text = '{"a":["x\\ud800"],"\\udc00":{"b":"\\uDC00y"}}';
  expect(parseJson(Buffer.from(text), { mendsHalfPairs: true })).toEqual({
    a: ["x\ufffd"],
    "\ufffd": { b: "\ufffdy" },
  });
});

test("of a key that comes twice the last one counts", () => {
  expect(parse('{"a":1,"a":2}')).toEqual({ a: 2 });
});
