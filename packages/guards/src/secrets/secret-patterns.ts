import type { Pattern } from "../patterns/pattern.ts";
import { cloudSecrets } from "./clouds.ts";
import { toolSecrets } from "./developer-tools.ts";
import { providerSecrets } from "./model-providers.ts";
import { formedSecrets, namedSecrets } from "./passwords.ts";
import { serviceSecrets } from "./services.ts";

/** Keys and passwords: recognized by the issuer's prefix, or else by the word before them and their randomness. */
export const SECRET_PATTERNS: readonly Pattern[] = [
  ...formedSecrets,
  ...cloudSecrets,
  ...toolSecrets,
  ...providerSecrets,
  ...serviceSecrets,
  ...namedSecrets,
];
