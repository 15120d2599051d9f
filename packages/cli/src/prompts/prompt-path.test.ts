import { resolve, sep } from "node:path";
import { expect, test } from "vitest";
import { pathOf, shownPath } from "./prompt-path.ts";

const at = (name: string) => shownPath(pathOf("prompts", name));

test("a name is a path, with its folders", () => {
  expect(at("support/reply")).toBe("prompts/support/reply.prompt.yaml");
  expect(at("été 2026/v1.2_b-c")).toBe("prompts/été 2026/v1.2_b-c.prompt.yaml");
});

test.each([
  "../../etc/passwd",
  "..",
  "/etc/passwd",
  "a/../../b",
  "a\\..\\b",
  "C:/x",
  "",
  "a//b",
  "~/x",
  "\u0000",
  ".git/hooks",
])("whatever a server calls a prompt, its file stays in the folder: %j", (name) => {
  const path = resolve(pathOf("/repository/prompts", name));
  expect(path.startsWith(`${resolve("/repository/prompts")}${sep}`)).toBe(true);
  expect(path).not.toContain("\u0000");
  expect(path).not.toContain("\\");
  expect(
    path
      .split(sep)
      .slice(3)
      .some((part) => part.startsWith(".")),
  ).toBe(false);
});

test("names of devices and ends that Windows drops are written so that it takes them", () => {
  expect(at("con")).toBe("prompts/%63on.prompt.yaml");
  expect(at("aux.x/nul")).toBe("prompts/%61ux.x/%6Eul.prompt.yaml");
  expect(at("a./b ")).toBe("prompts/a%2E/b%20.prompt.yaml");
  expect(at("console")).toBe("prompts/console.prompt.yaml");
});
