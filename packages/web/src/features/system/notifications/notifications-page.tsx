import { ChannelsSection } from "./channels-section.tsx";
import { DeadSection } from "./dead-section.tsx";
import { HistorySection } from "./history-section.tsx";
import { RoutesSection } from "./routes-section.tsx";

/** Where notices of this project go, and what became of them. */
export function NotificationsPage() {
  return (
    <>
      <ChannelsSection />
      <RoutesSection />
      <DeadSection />
      <HistorySection />
    </>
  );
}
