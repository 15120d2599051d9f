import { expect, test } from "vitest";
import { codeFor } from "./request-code.ts";

const REQUEST = {
  model: "support",
  messages: [{ role: "user", content: 'It\'s a "test" of $HOME, ! and `id`\nwith two lines' }],
  temperature: 0.2,
  stream: false,
  tools: [{ type: "function", function: { name: "look_up", parameters: { type: "object", properties: {} } } }],
  seed: null,
};

test("curl sends exactly the request: inside single quotes a shell changes nothing but the quotes themselves", () => {
  const [, quoted = ""] = codeFor("curl", REQUEST, "http://localhost:4747").split(" -d ");
  expect(quoted.replaceAll("'\\''", "")).toMatch(/^'[^']*'$/);
  expect(JSON.parse(quoted.slice(1, -1).replaceAll("'\\''", "'"))).toEqual(REQUEST);
});

test("TypeScript holds the request as it is, and takes the key from the environment", () => {
  const code = codeFor("TypeScript", REQUEST, "http://localhost:4747");
  const literal = /create\(([\s\S]*)\);\nconsole/.exec(code)?.[1] ?? "";
  expect(JSON.parse(literal)).toEqual(REQUEST);
  expect(code).toContain("env.TREADLE_API_KEY");
});

test("Python says None, True and False", () => {
  const code = codeFor("Python", REQUEST, "http://localhost:4747");
  expect(code).toContain('    model="support",');
  expect(code).toContain("    stream=False,");
  expect(code).toContain("    seed=None,");
  expect(code).toContain('"type": "function"');
});
