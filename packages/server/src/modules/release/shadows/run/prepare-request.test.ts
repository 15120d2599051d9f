import { hasPrivate } from "@treadle/guards";
import { expect, test } from "vitest";
import { runsTools } from "../../../build/gateway/index.ts";
import { maskItem } from "../../../data/curation/index.ts";
import { prepareRequest } from "./prepare-request.ts";

const EMPTY = { itemId: "request", expected: null, metadata: {}, source: { kind: "trace" as const }, split: null };
const privacy = {
  hasPrivate,
  mask: (inputs: Readonly<Record<string, unknown>>) => maskItem({ ...EMPTY, inputs }, Buffer.alloc(32)).item.inputs,
};
const asking = (content: unknown) =>
  ({ model: "support", messages: [{ role: "user", content }], user: "ada" }) as never;

test("personal data is replaced by placeholders, or is a reason to skip", () => {
  const request = asking("Write to ada.lovelace@example.org, please.");
  const redacted = prepareRequest(request, "redact", privacy);
  expect(redacted).toMatchObject({ isRedacted: true, request: { model: "support" } });
  expect(JSON.stringify(redacted?.request)).toMatch(/\[EMAIL_/);
  expect(JSON.stringify(redacted?.request)).not.toMatch(/lovelace|"user":"ada"/);
  expect(prepareRequest(request, "skip", privacy)).toBeNull();
  expect(prepareRequest(request, "send", privacy)).toEqual({ request, isRedacted: false });
});

test("a request without personal data leaves without the caller's name", () => {
  const prepared = prepareRequest(asking("How do I get a refund?"), "redact", privacy);
  expect(prepared).toMatchObject({ isRedacted: false, request: { messages: [{ content: "How do I get a refund?" }] } });
  expect(prepared?.request).not.toHaveProperty("user");
});

test("a picture is not sent, since nothing can be found in it", () => {
  const request = asking([{ type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } }]);
  expect(prepareRequest(request, "redact", privacy)).toBeNull();
  expect(prepareRequest(request, "send", privacy)).not.toBeNull();
});

test("tools that the provider would run are recognised", () => {
  expect(runsTools({ tools: [{ type: "function", function: { name: "f" } }] })).toBe(false);
  expect(runsTools({ tools: [{ name: "f", input_schema: {} }] })).toBe(false);
  expect(runsTools({ tools: [{ type: "web_search_20250305", name: "web_search" }] })).toBe(true);
  expect(runsTools({ web_search_options: {} })).toBe(true);
});
