import type { ErrorTopic } from "./topic.ts";

/** Codes of: attachments. */
export const attachment: ErrorTopic = {
  id: "attachment",
  title: "Attachments",
  about: "Files beside a change.",
  codes: {
    ATTACHMENT_UNKNOWN: {
      status: 404,
      means: "The change has no such attachment.",
      next: "Attach the file to this change first; the list of its attachments has their ids.",
    },
    ATTACHMENT_REMOVED: {
      status: 410,
      means: "The attachment was here and was removed.",
      next: "Attach the file again if it is needed.",
    },
    ATTACHMENT_NOT_YOURS: {
      status: 403,
      means: "Somebody else attached the file.",
      next: "They or an administrator can remove it.",
    },
    ATTACHMENT_RELIED_ON: {
      status: 409,
      means: "Something relies on the file: a completed step, a vote, a comment.",
      next: "Attach what is better beside it and say so in a comment.",
    },
    ATTACHMENT_ALREADY: {
      status: 409,
      means: "A file of this name with the same content is attached already.",
      next: "Use that attachment.",
    },
    ATTACHMENT_TOO_MANY: {
      status: 409,
      means: "The change has as many attachments as it can have.",
      next: "Remove what is not needed, or attach several files as one archive.",
    },
    ATTACHMENT_NAME: {
      status: 422,
      means: "The name of the file is missing, too long, or holds what no name may.",
      next: "Give it another name.",
    },
    ATTACHMENT_EMPTY: { status: 422, means: "The file is empty.", next: "Attach a file with something in it." },
    ATTACHMENT_TOO_LARGE: {
      status: 413,
      means: "The file is larger than the server takes.",
      next: "Attach the part that matters, compress it, or keep it elsewhere and give its address.",
    },
    ATTACHMENT_TYPE: {
      status: 415,
      means: "The content of the file is of a kind that is not taken, or not what its name says.",
      next: "Attach one of the kinds listed.",
    },
    UPLOADS_BUSY: {
      status: 503,
      means: "Too many files are coming in at this moment.",
      next: "Try again in a few seconds.",
    },
  },
};
