import { encode } from "uqr";

/** Light modules around a code, as readers ask for. */
const QUIET_ZONE = 4;

/** A text as a QR code: the length of a side in modules, its quiet zone among them, and the path of the dark ones. */
export function qrPath(text: string): { readonly size: number; readonly path: string } {
  const { size, data } = encode(text, { border: QUIET_ZONE, ecc: "M" });
  const rows = data.map((row, y) => {
    let drawn = "";
    for (let x = 0; x < size; x++) {
      if (!row[x]) continue;
      const from = x;
      while (row[x + 1]) x++;
      drawn += `M${from} ${y}h${x + 1 - from}v1H${from}z`;
    }
    return drawn;
  });
  return { size, path: rows.join("") };
}
