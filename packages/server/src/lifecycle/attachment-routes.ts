import type { Attachment as AttachmentView, Permit } from "@change-mgmt/api/attachments.ts";
import type { Change } from "@change-mgmt/domain/change/change.ts";
import { accept, type Outcome, type Refused, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { checkPermission } from "@change-mgmt/domain/identity/permissions.ts";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import { ATTACHABLE, isText } from "@change-mgmt/domain/lifecycle/implementation/attachment-type.ts";
import {
  type AttachmentLimits,
  decideRemoval,
  mayAttach,
  refuseRemoved,
} from "@change-mgmt/domain/lifecycle/implementation/attachments.ts";
import type { z } from "zod";
import type { Door } from "../commands/execute.ts";
import type { Handlers, StreamAnswer } from "../commands/handler.ts";
import { attachmentById, attachmentsOf, type StoredAttachment } from "../evidence/attachments.ts";
import { readContent } from "../evidence/contents.ts";
import { type Upload, UploadRoom } from "../evidence/upload.ts";
import { loadChange } from "../storage/change-record.ts";
import type { Db } from "../storage/store.ts";
import { allowed } from "./change-routes.ts";
import { attachFile } from "./implementation/attach-file.ts";
import { removeAttachment } from "./implementation/remove-attachment.ts";

const MOST_COUNT = 200;
const ROOM_FILES = 6;
const NO_FILE: Upload = { bytes: new Uint8Array(), size: 0, sha256: "" };

/** Everything one can ask of attachments over HTTP. `bytes` is the limit of one file. */
export function attachmentRoutes({ db, door, bytes }: { db: Db; door: Door; bytes: number }): Handlers {
  const limits: AttachmentLimits = { bytes, count: MOST_COUNT };
  const room = new UploadRoom(bytes * ROOM_FILES);
  const viewed = async (outcome: Outcome<{ id: string }>, actor: Actor) => {
    if (!outcome.ok) return outcome;
    const attachment = (await attachmentById(db, outcome.value.id))!;
    const change = await loadChange(db, attachment.changeId);
    return change.ok ? accept(view(attachment, change.value, actor)) : change;
  };
  return {
    "changes.attachments": (call) =>
      allowed(call.actor, "change.read", async () => {
        const change = await loadChange(db, call.params.id);
        if (!change.ok) return change;
        const attached = await attachmentsOf(db, change.value.id);
        return accept({
          items: attached.map((attachment) => view(attachment, change.value, call.actor)),
          attach: permit(both(checkPermission(call.actor, "change.attach"), () => mayAttach(change.value))),
          limits: { ...limits, types: ATTACHABLE },
        });
      }),
    "changes.attach": async ({ params, query, body, actor, idempotencyKey }) => {
      const attach = (file: Upload) => {
        const { name, type } = query;
        const { size, sha256 } = file;
        const input = { id: params.id, name, size, sha256, ...(type === undefined ? {} : { declaredType: type }) };
        return door.execute(attachFile(file.bytes, limits), input, { actor, idempotencyKey });
      };
      // Who may not attach is refused by the door before anything is read.
      const done = checkPermission(actor, "change.attach").ok
        ? await room.receive(body, bytes, attach)
        : await attach(NO_FILE);
      return await viewed(done, actor);
    },
    "attachments.download": (call) =>
      allowed(call.actor, "change.read", async () => {
        const attachment = await attachmentById(db, call.params.id);
        if (!attachment) return unknownAttachment(call.params.id);
        return attachment.removed ? refuseRemoved(attachment) : accept(download(db, attachment));
      }),
    "attachments.remove": async ({ params: { id }, actor }) => {
      const attachment = await attachmentById(db, id);
      if (!attachment) return unknownAttachment(id);
      return await viewed(
        await door.execute(removeAttachment, { id: attachment.changeId, attachment: attachment.id }, { actor }),
        actor,
      );
    },
  };
}

/** An attachment as an answer that no browser runs: saved, of the type it was kept with, in a sandbox wherever it is opened all the same. */
function download(db: Db, { name, type, size, sha256 }: StoredAttachment): StreamAnswer {
  return {
    pieces: readContent(db, sha256, size),
    fileName: name,
    contentType: isText(type) ? `${type}; charset=utf-8` : type,
    length: size,
    headers: {
      "x-content-type-options": "nosniff",
      "content-security-policy": "default-src 'none'; sandbox",
      "cross-origin-resource-policy": "same-origin",
      "repr-digest": `sha-256=:${Buffer.from(sha256, "hex").toString("base64")}:`,
    },
  };
}

function view(attachment: StoredAttachment, change: Change, actor: Actor): z.input<typeof AttachmentView> {
  const { id, name, type, size, sha256, declaredType, by, at, removed } = attachment;
  return {
    id,
    change: change.number,
    name,
    type,
    declaredType,
    size,
    sha256,
    by,
    at,
    removed: removed ?? null,
    steps: change.steps
      .filter(({ completed }) => completed?.evidence.some(({ file }) => file?.id === id))
      .map((step) => step.id),
    remove: permit(both(checkPermission(actor, "change.attach"), () => decideRemoval(change, attachment, actor))),
  };
}

function both(first: Outcome<true>, second: () => Outcome<true>): Outcome<true> {
  return first.ok ? second() : first;
}

function permit(outcome: Outcome<true>): z.input<typeof Permit> {
  if (outcome.ok) return { allowed: true };
  const { code, message, hint } = outcome.refusal;
  return { allowed: false, code, reason: message, hint };
}

function unknownAttachment(id: string): Refused {
  return refuse(
    "ATTACHMENT_UNKNOWN",
    `There is no attachment ${id}.`,
    "The change lists its attachments with their ids.",
  );
}
