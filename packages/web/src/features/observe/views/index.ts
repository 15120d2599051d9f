export type { SavedView } from "./use-views.ts";
export { ViewMenu } from "./view-menu.tsx";
export { readOrder, settingsOf, writeOrder } from "./view-state.ts";
