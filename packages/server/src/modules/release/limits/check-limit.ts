import type { LimitInput } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import { isTimeZone } from "./counting/calendar.ts";

type Checked = Pick<
  LimitInput,
  | "measure"
  | "window"
  | "burst"
  | "amount"
  | "scope"
  | "value"
  | "timeZone"
  | "queueSeconds"
  | "unknownPrice"
  | "defaultPriceUsdPerMillion"
>;

/** Throws `invalid_request` for settings that do not fit together. */
export function checkLimit({ measure, window, burst, amount, scope, value, timeZone, ...rest }: Checked): void {
  const isCalls = measure === "concurrency";
  if (isCalls && window !== null) throw wrong("window", "must be null for `concurrency`, which has no period");
  if (!isCalls && window === null) throw wrong("window", "is missing. Choose `minute`, `hour`, `day` or `month`");
  if (burst !== null && window !== "minute" && window !== "hour")
    throw wrong("burst", "only exists for limits per minute or hour. Leave it out");
  if ((measure === "requests" || isCalls) && (amount < 1 || (burst !== null && burst < 1)))
    throw wrong(amount < 1 ? "amount" : "burst", `must be at least 1 for \`${measure}\``);
  if (scope === "project" && value !== null) throw wrong("value", "must be null for the scope `project`");
  if (rest.queueSeconds > 0 && !isCalls && window !== "minute")
    throw wrong("queueSeconds", "only exists for limits per minute and for `concurrency`. Send 0 for any other window");
  if (!isTimeZone(timeZone)) throw wrong("timeZone", `is not a time zone. Send an IANA name, such as "Europe/Berlin"`);
  if (rest.unknownPrice === "default" && rest.defaultPriceUsdPerMillion === null)
    throw wrong("defaultPriceUsdPerMillion", "is missing. The setting `unknownPrice: default` needs it");
}

const wrong = (param: string, problem: string) =>
  new AppError("invalid_request", { message: `\`${param}\` ${problem}.`, details: { param } });
