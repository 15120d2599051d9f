import type { LateChecks } from "@treadle/guards";
import type { TextVisitor } from "./text-visitor.ts";

/** Asks the detectors that answer later about all texts that a walk visits. Null if there is nothing to ask. */
export function askLater(
  late: LateChecks | undefined,
  walk: (visitor: TextVisitor) => unknown,
): Promise<unknown> | null {
  if (!late) return null;
  const asking: Promise<void>[] = [];
  walk({
    text(text, { trust }) {
      if (late.isNeeded(trust)) asking.push(late.ask(text, trust));
      return text;
    },
    unknown: () => undefined,
  });
  return asking.length === 0 ? null : Promise.all(asking);
}
