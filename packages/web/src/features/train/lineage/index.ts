export { LineageLink, OriginLink } from "./lineage-link.tsx";
export { lineageRoute } from "./lineage-route.ts";
