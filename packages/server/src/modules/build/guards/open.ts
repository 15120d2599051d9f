import type { Module } from "../../../kernel/module.ts";
import { guardRoutes, moderationRoutes } from "./routes.ts";
import { createGuards, type Guards, type GuardsDeps } from "./service.ts";
import type { TextReader } from "./texts/text-reader.ts";

/** `reader` reads long texts in other threads. */
export function openGuards({ reader, ...deps }: GuardsDeps & { readonly reader: TextReader }): Module<Guards> {
  const api = createGuards({ ...deps, registry: { ...deps.registry, readElsewhere: reader.read } });
  return { api, routes: [guardRoutes(api), moderationRoutes(api)], close: reader.close };
}
