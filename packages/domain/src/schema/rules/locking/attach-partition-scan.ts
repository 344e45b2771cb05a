import { showsNoScan } from "../measured.ts";
import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const attachPartitionScan = defineRule({
  id: "attach-partition-scan",
  subject: "locking",
  severity: "warning",
  title: "A partition is read through when it is attached",
  why: "ATTACH PARTITION holds an ACCESS EXCLUSIVE lock on the partition while it makes sure that each row belongs there, and does the same to the default partition.",
  instead:
    "Give the partition a CHECK that says the same as its bounds, NOT VALID and then validated, attach it, and drop the check.",
  silent: "The partition comes into being in the same migration, or running it shows that nothing is read through.",
  bad: [
    {
      given: "CREATE TABLE log (at date NOT NULL) PARTITION BY RANGE (at);\nCREATE TABLE log_old (at date NOT NULL)",
      sql: "ALTER TABLE log ATTACH PARTITION log_old FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
    },
  ],
  good: [
    {
      given: "CREATE TABLE log (at date NOT NULL) PARTITION BY RANGE (at)",
      sql: "CREATE TABLE log_new (at date NOT NULL);\nALTER TABLE log ATTACH PARTITION log_new FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
    },
  ],
  harmless: [
    {
      given:
        "CREATE TABLE log (at date NOT NULL) PARTITION BY RANGE (at);\nCREATE TABLE log_old (at date NOT NULL, CHECK (at >= '2020-01-01' AND at < '2021-01-01'))",
      sql: "ALTER TABLE log ATTACH PARTITION log_old FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
    },
  ],
  on: {
    attach_partition: ({ table, partition }, { migration, statement }) =>
      migration.isNew(partition, statement) || showsNoScan(statement)
        ? null
        : {
            message: `${shown(partition)} is read through, locked against everybody, before it belongs to ${shown(table)}`,
          },
  },
});
