export * from "./api.ts";
export * from "./objects.ts";
export * from "./requests.ts";
