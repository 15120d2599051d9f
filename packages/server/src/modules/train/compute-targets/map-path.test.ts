import { expect, test } from "vitest";
import { mapPaths } from "./map-path.ts";

test("paths below the shared folder are called otherwise there, and back", () => {
  const { toThere, toHere } = mapPaths({ name: "far", folder: { here: "/srv/data/", there: "/mnt/x" } });
  expect(toThere("/srv/data")).toBe("/mnt/x");
  expect(toThere("/srv/data/runs/1")).toBe("/mnt/x/runs/1");
  expect(toHere("/mnt/x/runs/1/final")).toBe("/srv/data/runs/1/final");
});

test("what is not shared is refused on the way there, and left alone on the way back", () => {
  const { toThere, toHere } = mapPaths({ name: "far", folder: { here: "/srv/data", there: "/mnt/x" } });
  expect(() => toThere("/srv/database/a")).toThrow(
    /is not inside \/srv\/data, the shared folder of the compute target "far"/,
  );
  expect(toHere("/etc/passwd")).toBe("/etc/passwd");
  expect(toHere("/mnt/xy")).toBe("/mnt/xy");
});

test("without a mapping paths are the same on both sides", () => {
  const { toThere, toHere } = mapPaths({ name: "far", folder: null });
  expect([toThere("/a"), toHere("/b")]).toEqual(["/a", "/b"]);
});
