import { PrivacySettings } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import { messageOf } from "../../../kernel/message-of.ts";
import type { PrivacyRules } from "../redaction/index.ts";
import type { ReadOptions } from "./deps.ts";
import type { PrivacyRow } from "./store.ts";

/** The settings of a project that has none. */
export const DEFAULTS: PrivacySettings = PrivacySettings.parse({ isEnabled: false });

type Stored = Pick<PrivacyRow, "projectId" | "settings" | "version">;

/** Null if everything is stored as it was sent. */
export function toRules(
  { projectId, settings, version }: Stored,
  hashKey: string,
  readOptions: ReadOptions,
): PrivacyRules | null {
  const { isEnabled, detectors, recordsContentReads: _, ...rules } = { ...DEFAULTS, ...settings };
  if (!isEnabled && rules.contentShare === 1) return null;
  const read = detectors.map((one) => ({ detector: one.detector, options: readStored(one, readOptions) }));
  return { ...rules, revision: `${projectId} ${version}`, detectors: isEnabled ? read : [], hashKey };
}

/** Options that were valid once. If this version cannot read them, the detector fails, and texts are withheld. */
function readStored({ detector, options }: PrivacySettings["detectors"][number], readOptions: ReadOptions): unknown {
  try {
    return readOptions(detector, options);
  } catch {
    return null;
  }
}

/** Throws `unprocessable` for options that a detector does not accept. */
export function checkOptions({ detectors }: PrivacySettings, readOptions: ReadOptions): void {
  for (const [place, { detector, options }] of detectors.entries()) {
    try {
      readOptions(detector, options);
    } catch (error) {
      throw new AppError("unprocessable", {
        message: `The detector "${detector}" cannot use these options: ${messageOf(error)}`,
        details: { param: `detectors.${place}.options` },
      });
    }
  }
}
