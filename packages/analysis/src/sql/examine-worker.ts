import { parentPort, workerData } from "node:worker_threads";
import type { ExaminedText } from "./examine.ts";
import { examineText } from "./examine-text.ts";

const examined: ExaminedText[] = [];
for (const text of workerData as readonly string[]) examined.push(await examineText(text));
parentPort!.postMessage(examined);
