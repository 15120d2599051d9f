import { DAY_MS } from "../../../../kernel/day.ts";

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** The local day can be the day before or after the day in UTC. */
const OFFSETS = [0, -DAY_MS / 2, DAY_MS / 2];

/**
 * The dates in a text that are the day of the recording, as they are written there. A prompt with such a date may lead to
 * another answer today.
 */
export function findDates(text: string, recordedAt: string): string[] {
  const time = Date.parse(recordedAt);
  const days = new Set(OFFSETS.map((offset) => new Date(time + offset).toISOString().slice(0, 10)));
  const found = [...days].flatMap((day) => [...text.matchAll(patternOf(day))].map(([date]) => date));
  return [...new Set(found)];
}

/** `2026-12-01`, `2026/12/1`, `01.12.2026`, `12/1/2026`, `1/12/2026`, `December 1, 2026`, `1st of December 2026`, `Dec 1`. */
function patternOf(day: string): RegExp {
  const [year = "", month = "", date = ""] = day.split("-");
  const [m, d] = [`0?${Number(month)}`, `0?${Number(date)}`];
  const name = MONTHS[Number(month) - 1] ?? "";
  const word = `(?:${name}|${name.slice(0, 3)}\\.?)`;
  const nth = `${d}(?:st|nd|rd|th)?`;
  const forms = [
    `${year}(?<a>[-/.])${m}\\k<a>${d}`,
    `${d}(?<b>[-/.])${m}\\k<b>${year}`,
    `${m}(?<c>[-/])${d}\\k<c>${year}`,
    `${word} ${nth},? ${year}`,
    `${nth}\\.? (?:of )?${word},? ${year}`,
  ];
  return new RegExp(`(?<![\\d])(?:${forms.join("|")})(?!\\d)`, "gi");
}
