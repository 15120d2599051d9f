import type { Module } from "../../../kernel/module.ts";
import { type Comments, type CommentsDeps, createComments } from "./service.ts";

/** Has no endpoints of its own: the modules of the subjects have them. */
export const openComments = (deps: CommentsDeps): Module<Comments> => ({ api: createComments(deps), routes: [] });
