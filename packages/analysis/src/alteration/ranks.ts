import type { ObjectKind } from "@change-mgmt/domain/schema/model.ts";

/** What comes first where dependencies leave a choice: things are made before they are used, and dropped late. */
export const MAKE_RANK: Readonly<Record<ObjectKind, number>> = {
  schema: 10,
  extension: 11,
  enum: 22,
  domain: 23,
  composite_type: 24,
  sequence: 25,
  table: 30,
  column: 32,
  constraint: 40,
  index: 42,
  statistics: 47,
  function: 48,
  view: 50,
  materialized_view: 51,
  rule: 55,
  trigger: 56,
  policy: 57,
  grant: 60,
  publication: 62,
  default_privileges: 97,
  event_trigger: 99,
  other: 99,
};

export const DROP_RANK: Readonly<Record<ObjectKind, number>> = {
  event_trigger: 1,
  publication: 4,
  grant: 59,
  policy: 80,
  trigger: 81,
  rule: 82,
  view: 83,
  materialized_view: 83,
  function: 84,
  constraint: 85,
  index: 86,
  statistics: 86,
  column: 88,
  table: 89,
  sequence: 90,
  composite_type: 91,
  domain: 92,
  enum: 93,
  extension: 94,
  schema: 95,
  default_privileges: 5,
  other: 99,
};

/** Dropping what is made again comes before what it stands in the way of. */
export const REMAKE_DROP_RANK = 15;
export const DETACH_RANK = 14;
export const DEFAULT_DROP_RANK = 16;
export const OWN_RANK = 37;
export const DEFAULT_RANK = 38;
export const ATTACH_RANK = 43;
export const LINK_RANK = 44;
export const FOREIGN_KEY_RANK = 45;
