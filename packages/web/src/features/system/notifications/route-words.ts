import { SEVERITY_NAMES } from "./channel-words.ts";
import type { NotificationRoute } from "./use-notifications.ts";

const ALL_SEVERITIES = 3;

/** What a route matches, and where it sends to, in words. */
export function describeRoute(route: NotificationRoute, nameOf: (channelId: string) => string) {
  const { severities, matchers, channelIds, quiet, escalation, continues } = route;
  const severity =
    severities.length === ALL_SEVERITIES ? "All severities" : severities.map((one) => SEVERITY_NAMES[one]).join(", ");
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
