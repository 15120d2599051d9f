export { openComments } from "./open.ts";
export { type About, type CommentEntry, type Comments, createComments } from "./service.ts";
