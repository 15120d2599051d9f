import type { Item, ItemShape, Source } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Row } from "../files/row.ts";

/** The item in a row. The id is null if the row has none. */
export type ItemDraft = {
  readonly itemId: string | null;
  readonly inputs: Row;
  /** Null if there is no expected answer. */
  readonly expected: unknown;
  readonly metadata: Row;
  readonly split: string | null;
  /** Only where the row itself says where it came from. */
  readonly source?: Source;
};

/** An item on its way into a file. `ownId` is null when its content gives the same id again. */
export type OutgoingItem = Item & { readonly ownId: string | null };

/** A key of an object, or a place in a list. */
export type PathStep = string | number;

/** A way in which rows of files say what an item is. Both directions throw `unprocessable` with a pointer for what they cannot say. */
export type Shape = {
  readonly id: ItemShape;
  readonly label: string;
  readonly description: string;
  /** Whether a row looks like this shape; cheap, and before any check. */
  fits(row: Row): boolean;
  /** `origin` is set for rows of a table (CSV or TSV), whose cells are all texts. */
  read(row: Row, origin?: { readonly isTable: boolean }): ItemDraft;
  /**
   * Whether a text or number is copied to the item unchanged, or not at all, whatever its value. The row's id becomes
   * the item's id or a part of its metadata. Null for values that are inspected. Shapes without this knowledge leave it
   * out.
   */
  passes?(path: readonly PathStep[]): "as-is" | "id" | null;
  write(item: OutgoingItem): Row;
};

/** The problem of a row or item, with its place. */
export function refuse(pointer: string, message: string): never {
  throw new AppError("unprocessable", { message, details: { pointer } });
}
