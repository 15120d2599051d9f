import { PERMISSIONS } from "@treadle/contract";
import { expect, test } from "vitest";
import { groupRights, nameOfRights, RIGHTS } from "./key-rights.ts";

test("a key that reads changes nothing, and a key for an application reads no trace", () => {
  const [application, reader, measures] = RIGHTS;
  expect(reader.permissions.filter((name) => !name.endsWith(":read"))).toEqual(["traces:content"]);
  expect(measures.permissions.every((name) => name.endsWith(":read"))).toBe(true);
  expect(application.permissions).not.toContain("traces:read");
});

test("a set of rights has a name, or says how many there are", () => {
  expect(nameOfRights(PERMISSIONS)).toBe("everything");
  expect(nameOfRights(["gateway:use"])).toBe("gateway:use");
  expect(nameOfRights(["gateway:use", "traces:read", "keys:write"])).toBe("gateway:use and 2 more");
});

test("rights are grouped by what they are about, none left out", () => {
  expect(groupRights(PERMISSIONS).flatMap(({ permissions }) => permissions)).toHaveLength(PERMISSIONS.length);
});
