import { Recording } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { EvalItem } from "../stores/item-store.ts";

/** The recording of an item; without one, an empty recording. Throws `unprocessable` for a recording with another shape. */
export function recordingOf({ itemId, metadata }: Pick<EvalItem, "itemId" | "metadata">): Recording {
  const result = Recording.safeParse(metadata.recording ?? {});
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new AppError("unprocessable", {
    message: `The item "${itemId}" has no valid recording: metadata.recording.${issue?.path.join(".")} ${issue?.message}. Correct the item, or start the experiment without \`replay\`.`,
    details: { itemId, param: `metadata.recording.${issue?.path.join(".")}` },
    cause: result.error,
  });
}
