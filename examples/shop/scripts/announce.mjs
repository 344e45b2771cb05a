// Puts one announcement up for the shop's staff, says whether it hangs, or takes it down. Running it twice does no harm.
// usage: node scripts/announce.mjs publish|verify|withdraw [words…]
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = process.env.SHOP_ANNOUNCEMENTS ?? join(tmpdir(), "shop-announcements");
const file = join(folder, "announcement.txt");
const [act, ...words] = process.argv.slice(2);
const text = words.join(" ") || "The shop has something new.";

const acts = {
  publish() {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, `${text}\n`);
    console.log(`published: ${text}`);
  },
  verify() {
    if (!existsSync(file)) throw new Error("no announcement hangs there");
    const published = readFileSync(file, "utf8").trim();
    if (words.length > 0 && published !== text) throw new Error(`another announcement hangs there: ${published}`);
    console.log(`hangs there: ${published}`);
  },
  withdraw() {
    rmSync(file, { force: true });
    console.log("withdrawn");
  },
};

if (!Object.hasOwn(acts, act)) {
  console.error("usage: node scripts/announce.mjs publish|verify|withdraw [words…]");
  process.exit(2);
}
try {
  acts[act]();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
