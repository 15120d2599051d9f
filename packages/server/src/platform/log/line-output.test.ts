import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { openLineOutput } from "./line-output.ts";

const full = () => Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });

/** A disk with `room` bytes. */
function openDisk(room: number, maxQueuedBytes?: number) {
  const disk = { room, text: "" };
  const output = openLineOutput({
    fd: -1,
    report: (lines) => `${lines} missing\n`,
    retryMs: 5,
    ...(maxQueuedBytes !== undefined && { maxQueuedBytes }),
    async write(bytes) {
      if (disk.room === 0) throw full();
      const bytesWritten = Math.min(disk.room, bytes.length);
      disk.room -= bytesWritten;
      disk.text += bytes.toString("utf8", 0, bytesWritten);
      return { bytesWritten };
    },
  });
  return { disk, output };
}

const settled = async () => {
  for (let turns = 0; turns < 20; turns++) await turn();
};

test("lines are written in order", async () => {
  const { disk, output } = openDisk(1_000);
  for (const line of ["one\n", "two\n", "three\n"]) output.write(line);
  await settled();
  expect(disk.text).toBe("one\ntwo\nthree\n");
  expect(output.droppedLines()).toBe(0);
});

test("lines that find no space are dropped and counted, and a line that was cut off counts", async () => {
  const { disk, output } = openDisk(6);
  for (const line of ["one\n", "two\n", "three\n"]) output.write(line);
  await settled();
  output.write("four\n");
  expect(disk.text).toBe("one\ntw");
  expect(output.droppedLines()).toBe(3);
});

test("when there is space again the number of missing lines is reported once, on its own line, before what follows", async () => {
  const { disk, output } = openDisk(6);
  output.write("one\n");
  output.write("two\n");
  await settled();
  disk.room = 1_000;
  await expect.poll(() => disk.text).toBe("one\ntw\n1 missing\n");
  output.write("three\n");
  await settled();
  expect(disk.text).toBe("one\ntw\n1 missing\nthree\n");
  expect(output.droppedLines()).toBe(1);
});

test("a report that was cut off is repeated whole", async () => {
  const { disk, output } = openDisk(0);
  output.write("one\n");
  await settled();
  disk.room = 3;
  await expect.poll(() => disk.room).toBe(0);
  disk.room = 1_000;
  await expect.poll(() => disk.text).toBe("1 m\n1 missing\n");
});

test("a reader that is slower than the log costs lines, not memory", async () => {
  const { disk, output } = openDisk(1_000, 10);
  for (let line = 0; line < 10; line++) output.write("12345\n");
  expect(output.droppedLines()).toBeGreaterThan(0);
  await settled();
  expect(disk.text).toMatch(/^(12345\n)+\d missing\n$/);
});
