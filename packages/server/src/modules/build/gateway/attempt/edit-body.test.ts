import fc from "fast-check";
import { expect, test } from "vitest";
import { editBody } from "./edit-body.ts";

const edit = (text: string, model = "new", addStreamUsage = false) =>
  editBody(Buffer.from(text), { model, addStreamUsage }).toString();

test("only the model's name changes, byte for byte", () => {
  const text =
    '{ "temperature" : 1.0e-0,\n\t"model" :"old\\"x" , "seed":12345678901234567890, "model_x":"old", "messages":[{"model":"old"}] }';
  expect(edit(text)).toBe(text.replace('"old\\"x"', '"new"'));
});

test("any JSON object retains its value, except for the model", () => {
  const blanks = fc.constantFrom("", " ", "\n\t ");
  const bodies = fc.record({
    rest: fc.dictionary(fc.string(), fc.jsonValue()),
    before: fc.string(),
    old: fc.jsonValue(),
  });
  const spelling = fc.record({ blank: blanks, indent: fc.constantFrom(0, 2) });
  fc.assert(
    fc.property(bodies, spelling, fc.string(), ({ rest, before, old }, { blank, indent }, model) => {
      const { model: _, ...others } = rest;
      const body = { ...others, [`_${before}`]: before, model: old, tail: rest };
      const text = `${blank}${JSON.stringify(body, null, indent)}${blank}`;
      expect(JSON.parse(edit(text, model))).toEqual({ ...JSON.parse(text), model });
    }),
    { numRuns: 1_000 },
  );
});

test("any JSON object with stream usage added retains its value, except for the model and the option", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.option(fc.dictionary(fc.string(), fc.jsonValue())),
      fc.string(),
      (rest, options, model) => {
        const { stream_options: _, ...others } = rest;
        const body = { ...others, model: "old", ...(options === null ? {} : { stream_options: options }) };
        const text = JSON.stringify(body);
        expect(JSON.parse(edit(text, model, true))).toEqual({
          ...JSON.parse(text),
          model,
          stream_options: { ...(options === null ? {} : JSON.parse(JSON.stringify(options))), include_usage: true },
        });
      },
    ),
    { numRuns: 500 },
  );
});

test("a key that is repeated or escaped is replaced each time", () => {
  expect(edit('{"model":"a","mod\\u0065l":"b","model":{"x":["]"]}}')).toBe(
    '{"model":"new","mod\\u0065l":"new","model":"new"}',
  );
});

test("multi-byte characters around the name stay whole", () => {
  expect(edit('{"ü":"日本","model":"ä","z":"🙂"}', "ö")).toBe('{"ü":"日本","model":"ö","z":"🙂"}');
});

test("stream options that are null or false are overwritten, and others stay", () => {
  expect(edit('{"model":"a","stream_options":null}', "a", true)).toBe(
    '{"model":"a","stream_options":{"include_usage":true}}',
  );
  expect(edit('{"stream_options":{"include_usage":false,"x":1},"model":"a"}', "a", true)).toBe(
    '{"stream_options":{"include_usage":true,"x":1},"model":"a"}',
  );
  expect(edit('{"model":"a","stream":true }', "a", true)).toBe(
    '{"model":"a","stream":true ,"stream_options":{"include_usage":true}}',
  );
});

test("anything but an object is returned unchanged", () => {
  for (const text of ["[]", '"model"', "", "  ", "{}"]) expect(edit(text, "x", true)).toBe(text);
});
