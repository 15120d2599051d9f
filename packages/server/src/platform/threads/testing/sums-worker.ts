import { setTimeout as delay } from "node:timers/promises";
import { answerOrders } from "../port.ts";

export type SumOrders = {
  add: { order: readonly number[]; answer: number };
  wait: { order: number; answer: string };
  die: { order: null; answer: never };
};

answerOrders<SumOrders>({
  add(numbers) {
    if (numbers.length === 0) throw new RangeError("There is nothing to add.");
    return numbers.reduce((sum, one) => sum + one, 0);
  },
  async wait(ms) {
    await delay(ms);
    return `after ${ms}`;
  },
  die: () => process.exit(1),
});
