import { SEVERITIES } from "@treadle/contract";
import { SEVERITY_WORDS } from "../../../components/text/severity.ts";
import type { NotificationRoute } from "./use-notifications.ts";

/** What a route matches, and where it sends to, in words. */
export function describeRoute(route: NotificationRoute, nameOf: (channelId: string) => string) {
  const { severities, matchers, channelIds, quiet, escalation, continues } = route;
  const severity =
    severities.length === SEVERITIES.length
      ? "All severities"
      : severities.map((one) => SEVERITY_WORDS[one]).join(", ");
  const labels = matchers.map(({ label, isNot, value }) => `${label} ${isNot ? "is not" : "is"} ${value || "empty"}`);
  const parts = [
    channelIds.length === 0 ? "To no channel" : `To ${channelIds.map(nameOf).join(", ")}`,
    ...(quiet ? [`quiet from ${quiet.from} to ${quiet.to} (${quiet.timeZone})`] : []),
    ...(escalation
      ? [`after ${escalation.afterMinutes} minutes to ${escalation.channelIds.map(nameOf).join(", ")}`]
      : []),
    ...(continues ? ["continues"] : []),
  ];
  return { matching: [severity, ...labels].join(" · "), going: parts.join(" · ") };
}
