import type { Item, ItemShape, Source } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import type { Row } from "../files/row.ts";

/** What a row says of an item. The id is null when the row has none. */
export type ItemDraft = {
  readonly itemId: string | null;
  readonly inputs: Row;
  /** Null when there is no expected answer. */
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
  read(row: Row): ItemDraft;
  /**
   * Whether a text or a number reaches the item as it is, or not at all, whatever it says; that of the row's id becomes the item's id,
   * or a part of its metadata. Null for what is looked at. Left out by shapes of which nobody has said so.
   */
  passes?(path: readonly PathStep[]): "as-is" | "id" | null;
  write(item: OutgoingItem): Row;
};

/** Says what is wrong with a row or an item, and where. */
export function refuse(pointer: string, message: string): never {
  throw new AppError("unprocessable", { message, details: { pointer } });
}
