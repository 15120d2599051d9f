export { openTestSets } from "./open.ts";
export { toBase64, toLeet, toLookalikes, toRot13, toZeroWidth } from "./sets/jailbreak/encode-text.ts";
