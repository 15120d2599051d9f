import { isRecord } from "../../../kernel/is-record.ts";
import type { SentConfig } from "./deps.ts";
import type { Settings } from "./trial.ts";

/** A configuration with other settings in it, each at its path such as `lora.r`. */
export function putSettings(config: SentConfig, settings: Settings): SentConfig {
  let changed = config;
  for (const [path, value] of Object.entries(settings)) {
    const [group = "", key] = path.split(".");
    const inner = changed[group];
    changed = { ...changed, [group]: key === undefined ? value : { ...(isRecord(inner) ? inner : {}), [key]: value } };
  }
  return changed;
}
