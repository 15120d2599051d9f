export { openComments } from "./open.ts";
export { type CommentEntry, type Comments, createComments } from "./service.ts";
