import type { EndpointName } from "@change-mgmt/api/endpoints.ts";
import { call } from "./client.ts";

/** Saves what an endpoint answers as a file on this device, under the server's name for it or the one given. Rejects with its problem. */
export async function download(name: EndpointName, fileName: string): Promise<void> {
  const answer: unknown = await call(name);
  if (answer instanceof Response) {
    const given = answer.headers.get("content-disposition")?.match(/filename="([^"]+)"/)?.[1];
    save(await answer.blob(), given ?? fileName);
    return;
  }
  save(new Blob([`${JSON.stringify(answer, null, 2)}\n`], { type: "application/json" }), fileName);
}

/** Hands a text to the person as a file. */
export function saveText(fileName: string, type: string, text: string): void {
  save(new Blob([text], { type }), fileName);
}

function save(content: Blob, fileName: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
