export { chatWire } from "./chat.ts";
export { completionsWire } from "./completions.ts";
export { messagesWire } from "./messages.ts";
export { estimateMessageTokens } from "./messages-tokens.ts";
export { responsesWire } from "./responses.ts";
