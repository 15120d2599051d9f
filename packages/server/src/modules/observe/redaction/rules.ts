import type { PrivacyField, PrivacySettings } from "@treadle/contract";

/** What is removed before storage, as plain data: it crosses to the threads that read requests. */
export type PrivacyRules = Pick<PrivacySettings, "replacement" | "failure" | "media" | "contentShare"> & {
  /** Changes with each change of the settings. Redactors are remembered by it. */
  readonly revision: string;
  /** None if only a share of the content is stored and nothing is redacted. */
  readonly detectors: readonly { readonly detector: string; readonly options: unknown }[];
  readonly fields: readonly PrivacyField[];
  /** The secret of the project's hashes, in hexadecimal. */
  readonly hashKey: string;
};
