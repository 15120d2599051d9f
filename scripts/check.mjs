// `npm run check`: everything that can be known without running the product.
import { runChecks } from "./checks.mjs";
import { runVitest } from "./run-vitest.mjs";
import { checkNode, install } from "./set-up.mjs";

checkNode();
install("everything");
const checks = await runChecks();
const isShapely = runVitest(["tests/shape", "tests/rules"], checks);
process.exitCode = checks.failed === 0 && isShapely ? 0 : 1;
