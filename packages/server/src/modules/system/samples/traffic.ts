import { DAY_MS } from "../../../kernel/day.ts";
import type { Random } from "./random.ts";

const HOUR_MS = 3_600_000;
const DAYS = 7;

/** How busy each hour of a day is, UTC: little at night, most before and after noon, a second wave in the evening. */
const BY_HOUR = [2, 1, 1, 1, 1, 2, 4, 8, 14, 19, 22, 20, 16, 18, 21, 20, 17, 14, 13, 15, 14, 10, 6, 3];
const WORKDAY_VISITS = 24;
const WEEKEND_VISITS = 13;

/** Two days ago a provider was overloaded for a little over an hour. */
const INCIDENT_START_MS = 2 * DAY_MS;
const INCIDENT_MS = 80 * 60_000;

export type Moment = { readonly time: number; readonly isIncident: boolean };

/** When customers came by within the last seven days, oldest first; milliseconds since 1970. */
export function planVisits(now: number, random: Random): Moment[] {
  const incidentStart = Math.floor((now - INCIDENT_START_MS) / DAY_MS) * DAY_MS + 14 * HOUR_MS + 5 * 60_000;
  const isIncident = (time: number) => time >= incidentStart && time < incidentStart + INCIDENT_MS;
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  const times: number[] = [];
  for (let day = today - DAYS * DAY_MS; day <= today; day += DAY_MS) {
    const isWeekend = [0, 6].includes(new Date(day).getUTCDay());
    const visits = Math.round(random.around(isWeekend ? WEEKEND_VISITS : WORKDAY_VISITS, 0.08));
    for (let visit = 0; visit < visits; visit++)
      times.push(day + random.weighted(BY_HOUR) * HOUR_MS + random.integer(0, HOUR_MS - 1));
  }
  // Something to look at in the incident, however the dice fall.
  for (let extra = 0; extra < 20; extra++) times.push(incidentStart + random.integer(0, INCIDENT_MS - 1));
  const first = now - DAYS * DAY_MS;
  const last = now - 10 * 60_000;
  return times
    .filter((time) => time >= first && time < last)
    .sort((a, b) => a - b)
    .map((time) => ({ time, isIncident: isIncident(time) }));
}
