export { openVectorStores } from "./open.ts";
