export { openForwarding } from "./open.ts";
export { listSealedHeaders } from "./service.ts";
