import { SHARING } from "@change-mgmt/domain/search/saved-view.ts";
import { z } from "zod";

const text = z.string().min(1).max(1000).optional();

/** What the list of changes is filtered by, the columns it shows and its order, as its address says them. */
export const ViewFilters = z
  .strictObject({
    q: text,
    status: text,
    type: text,
    team: text,
    component: text,
    requester: text,
    assignee: text,
    active: text,
    order: text,
    columns: text,
  })
  .meta({ id: "ViewFilters" });

/** A named set of filters, columns and order of the list of changes. */
export const SavedView = z
  .object({
    id: z.string(),
    name: z.string(),
    owner: z.string().describe("A person's handle"),
    sharedWith: z.enum(SHARING),
    team: z.string().nullable(),
    filters: ViewFilters,
    version: z.number().int(),
    default: z.boolean().describe("The asking person's list of changes opens with it"),
    editable: z.boolean().describe("The asking person may edit and delete it"),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "SavedView" });

export const CreateSavedView = z
  .object({
    name: z.string().trim().min(1).max(80),
    sharedWith: z.enum(SHARING).default("nobody"),
    team: z.string().max(100).nullable().default(null).describe("Where it is shared with a team"),
    filters: ViewFilters,
  })
  .meta({ id: "CreateSavedView" });

export const EditSavedView = z
  .object({
    name: z.string().trim().min(1).max(80).optional(),
    sharedWith: z.enum(SHARING).optional(),
    team: z.string().max(100).nullable().optional(),
    filters: ViewFilters.optional(),
  })
  .meta({ id: "EditSavedView" });

export const SetDefaultView = z.object({ view: z.string().max(100).nullable() }).meta({ id: "SetDefaultView" });
