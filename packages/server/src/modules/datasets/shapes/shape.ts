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

/** A way in which rows of files say what an item is. Both directions throw `unprocessable` with a pointer for what they cannot say. */
export type Shape = {
  readonly id: ItemShape;
  readonly label: string;
  readonly description: string;
  /** Whether a row looks like this shape; cheap, and before any check. */
  fits(row: Row): boolean;
  read(row: Row): ItemDraft;
  write(item: OutgoingItem): Row;
};

/** Says what is wrong with a row or an item, and where. */
export function refuse(pointer: string, message: string): never {
  throw new AppError("unprocessable", { message, details: { pointer } });
}
