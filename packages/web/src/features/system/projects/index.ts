export { settingsPages, settingsRoute } from "./settings-routes.ts";
