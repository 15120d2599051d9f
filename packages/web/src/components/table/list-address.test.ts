import { expect, test } from "vitest";
import { stepOf } from "./list-address.ts";

type Search = { open?: string | undefined; span?: string | undefined; filter?: string | undefined };
const keys = ["open", "span"] as const;
const list = { filter: "status:error" };
const step = (search: Search, next: Search, openedFrom?: string) => stepOf<Search>({ search, next, keys, openedFrom });
const opened = step(list, { open: "a" });

test("opening a row is a new place in the history, so that Back closes it", () => {
  expect(opened.type).toBe("push");
});

test("opening another row while one is open replaces the address, and closing returns to the list", () => {
  const moved = step({ ...list, open: "a" }, { open: "b", span: undefined }, opened.openedFrom);
  expect(moved.type).toBe("replace");
  const closed = step({ ...list, open: "b", span: "s" }, { open: undefined, span: undefined }, moved.openedFrom);
  expect(closed.type).toBe("back");
});

test("closing does not go back where that would undo a change of the list", () => {
  const narrowed = step({ ...list, open: "a" }, { filter: "status:ok" }, opened.openedFrom);
  expect(narrowed.type).toBe("replace");
  const close = { open: undefined, span: undefined };
  expect(step({ filter: "status:ok", open: "a" }, close, narrowed.openedFrom).type).toBe("replace");
});

test("what was open when the page was loaded closes without going back", () => {
  expect(step({ ...list, open: "a" }, { open: undefined, span: undefined }).type).toBe("replace");
});
