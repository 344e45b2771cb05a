// Written by scripts/rules-pages.ts from the files of the rules.
import { changeColumnType } from "./columns/change-column-type.ts";
import { columnReplaced } from "./columns/column-replaced.ts";
import { dropIdentity } from "./columns/drop-identity.ts";
import { frozenTimeDefault } from "./columns/frozen-time-default.ts";
import { generatedColumnAdded } from "./columns/generated-column-added.ts";
import { generatedExpressionChanged } from "./columns/generated-expression-changed.ts";
import { identityAlways } from "./columns/identity-always.ts";
import { notNullWithoutDefault } from "./columns/not-null-without-default.ts";
import { serialColumnAdded } from "./columns/serial-column-added.ts";
import { timestampConversionBySession } from "./columns/timestamp-conversion-by-session.ts";
import { volatileDefault } from "./columns/volatile-default.ts";
import { breakingChange } from "./destruction/breaking-change.ts";
import { deleteWithoutWhere } from "./destruction/delete-without-where.ts";
import { dropCascade } from "./destruction/drop-cascade.ts";
import { dropColumn } from "./destruction/drop-column.ts";
import { dropConstraint } from "./destruction/drop-constraint.ts";
import { dropDatabase } from "./destruction/drop-database.ts";
import { dropDefault } from "./destruction/drop-default.ts";
import { dropExtension } from "./destruction/drop-extension.ts";
import { dropFunction } from "./destruction/drop-function.ts";
import { dropNotNull } from "./destruction/drop-not-null.ts";
import { dropOwned } from "./destruction/drop-owned.ts";
import { dropSchema } from "./destruction/drop-schema.ts";
import { dropSequence } from "./destruction/drop-sequence.ts";
import { dropTable } from "./destruction/drop-table.ts";
import { dropTrigger } from "./destruction/drop-trigger.ts";
import { dropType } from "./destruction/drop-type.ts";
import { dropView } from "./destruction/drop-view.ts";
import { truncateTable } from "./destruction/truncate-table.ts";
import { updateWithoutWhere } from "./destruction/update-without-where.ts";
import { functionMadeAgain } from "./functions/function-made-again.ts";
import { immutableFunctionDepends } from "./functions/immutable-function-depends.ts";
import { viewMadeAgain } from "./functions/view-made-again.ts";
import { viewSelectsStar } from "./functions/view-selects-star.ts";
import { concurrentIndexLeftInvalid } from "./indexes/concurrent-index-left-invalid.ts";
import { concurrentlyOnPartitioned } from "./indexes/concurrently-on-partitioned.ts";
import { createIndexNotConcurrently } from "./indexes/create-index-not-concurrently.ts";
import { dropIndexNotConcurrently } from "./indexes/drop-index-not-concurrently.ts";
import { indexNotImmutable } from "./indexes/index-not-immutable.ts";
import { indexOnBoolean } from "./indexes/index-on-boolean.ts";
import { materializedViewWithoutUniqueIndex } from "./indexes/materialized-view-without-unique-index.ts";
import { redundantIndex } from "./indexes/redundant-index.ts";
import { reindexNotConcurrently } from "./indexes/reindex-not-concurrently.ts";
import { wideIndex } from "./indexes/wide-index.ts";
import { addExclusionConstraint } from "./keys/add-exclusion-constraint.ts";
import { addPrimaryKey } from "./keys/add-primary-key.ts";
import { addUniqueConstraint } from "./keys/add-unique-constraint.ts";
import { deferrableKey } from "./keys/deferrable-key.ts";
import { foreignKeyCascades } from "./keys/foreign-key-cascades.ts";
import { foreignKeyTypeMismatch } from "./keys/foreign-key-type-mismatch.ts";
import { foreignKeyWithoutIndex } from "./keys/foreign-key-without-index.ts";
import { missingPrimaryKey } from "./keys/missing-primary-key.ts";
import { tableInheritance } from "./keys/table-inheritance.ts";
import { unloggedTable } from "./keys/unlogged-table.ts";
import { addCheckValidated } from "./locking/add-check-validated.ts";
import { addForeignKeyValidated } from "./locking/add-foreign-key-validated.ts";
import { attachPartitionScan } from "./locking/attach-partition-scan.ts";
import { autovacuumOff } from "./locking/autovacuum-off.ts";
import { clusterTable } from "./locking/cluster-table.ts";
import { dataChangeUnderLock } from "./locking/data-change-under-lock.ts";
import { detachPartitionNotConcurrently } from "./locking/detach-partition-not-concurrently.ts";
import { lockTable } from "./locking/lock-table.ts";
import { missingLockTimeout } from "./locking/missing-lock-timeout.ts";
import { refreshNotConcurrently } from "./locking/refresh-not-concurrently.ts";
import { replicaIdentityFull } from "./locking/replica-identity-full.ts";
import { setLogged } from "./locking/set-logged.ts";
import { setNotNull } from "./locking/set-not-null.ts";
import { setTablespace } from "./locking/set-tablespace.ts";
import { severalTablesLocked } from "./locking/several-tables-locked.ts";
import { triggerDisabled } from "./locking/trigger-disabled.ts";
import { triggerOnExistingTable } from "./locking/trigger-on-existing-table.ts";
import { vacuumFull } from "./locking/vacuum-full.ts";
import { validateInSameTransaction } from "./locking/validate-in-same-transaction.ts";
import { ifNotExistsHides } from "./naming/if-not-exists-hides.ts";
import { nameTooLong } from "./naming/name-too-long.ts";
import { quotedName } from "./naming/quoted-name.ts";
import { reservedName } from "./naming/reserved-name.ts";
import { catalogWrite } from "./opaque/catalog-write.ts";
import { codeBlock } from "./opaque/code-block.ts";
import { copyWithServer } from "./opaque/copy-with-server.ts";
import { eventTrigger } from "./opaque/event-trigger.ts";
import { extensionCreated } from "./opaque/extension-created.ts";
import { libraryLoaded } from "./opaque/library-loaded.ts";
import { procedureCall } from "./opaque/procedure-call.ts";
import { publishAllTables } from "./opaque/publish-all-tables.ts";
import { rewriteRule } from "./opaque/rewrite-rule.ts";
import { serverFunction } from "./opaque/server-function.ts";
import { serverSetting } from "./opaque/server-setting.ts";
import { moveToSchema } from "./renaming/move-to-schema.ts";
import { renameColumn } from "./renaming/rename-column.ts";
import { renameEnumValue } from "./renaming/rename-enum-value.ts";
import { renameFunction } from "./renaming/rename-function.ts";
import { renameSchema } from "./renaming/rename-schema.ts";
import { renameTable } from "./renaming/rename-table.ts";
import { renameType } from "./renaming/rename-type.ts";
import { renameView } from "./renaming/rename-view.ts";
import type { Rule } from "./rule.ts";
import { defaultPrivilegesForEverybody } from "./security/default-privileges-for-everybody.ts";
import { extensionExposed } from "./security/extension-exposed.ts";
import { grantToEverybody } from "./security/grant-to-everybody.ts";
import { materializedViewExposed } from "./security/materialized-view-exposed.ts";
import { passwordInSql } from "./security/password-in-sql.ts";
import { permissionRevoked } from "./security/permission-revoked.ts";
import { policiesAddUp } from "./security/policies-add-up.ts";
import { policyAlwaysTrue } from "./security/policy-always-true.ts";
import { policyCallsFunctionPerRow } from "./security/policy-calls-function-per-row.ts";
import { policyDropped } from "./security/policy-dropped.ts";
import { policyTrustsUserMetadata } from "./security/policy-trusts-user-metadata.ts";
import { policyWithoutRowSecurity } from "./security/policy-without-row-security.ts";
import { powerfulRole } from "./security/powerful-role.ts";
import { rowSecurityDisabled } from "./security/row-security-disabled.ts";
import { rowSecurityWithoutPolicy } from "./security/row-security-without-policy.ts";
import { securityDefinerSearchPath } from "./security/security-definer-search-path.ts";
import { tableWithoutRowSecurity } from "./security/table-without-row-security.ts";
import { viewPassesByRowSecurity } from "./security/view-passes-by-row-security.ts";
import { sequenceCycles } from "./sequences/sequence-cycles.ts";
import { sequenceRestarted } from "./sequences/sequence-restarted.ts";
import { sequenceRunsOut } from "./sequences/sequence-runs-out.ts";
import { sequenceStaysInteger } from "./sequences/sequence-stays-integer.ts";
import { sequenceWithoutOwner } from "./sequences/sequence-without-owner.ts";
import { setvalConstant } from "./sequences/setval-constant.ts";
import { halfDoneWithoutTransaction } from "./transactions/half-done-without-transaction.ts";
import { needsNoTransaction } from "./transactions/needs-no-transaction.ts";
import { replicationRole } from "./transactions/replication-role.ts";
import { sessionSettingLeft } from "./transactions/session-setting-left.ts";
import { setLocalWithoutTransaction } from "./transactions/set-local-without-transaction.ts";
import { transactionControl } from "./transactions/transaction-control.ts";
import { characterType } from "./types/character-type.ts";
import { domainConstraintValidated } from "./types/domain-constraint-validated.ts";
import { enumValueInTransaction } from "./types/enum-value-in-transaction.ts";
import { enumValueStays } from "./types/enum-value-stays.ts";
import { enumValueUsedAtOnce } from "./types/enum-value-used-at-once.ts";
import { floatAmount } from "./types/float-amount.ts";
import { internalType } from "./types/internal-type.ts";
import { jsonNotJsonb } from "./types/json-not-jsonb.ts";
import { moneyType } from "./types/money-type.ts";
import { serialColumn } from "./types/serial-column.ts";
import { smallPrimaryKey } from "./types/small-primary-key.ts";
import { timeWithTimeZone } from "./types/time-with-time-zone.ts";
import { timestampPrecision } from "./types/timestamp-precision.ts";
import { timestampWithoutTimeZone } from "./types/timestamp-without-time-zone.ts";
import { typeMadeAgain } from "./types/type-made-again.ts";
import { varcharWithLimit } from "./types/varchar-with-limit.ts";

/** Every rule, by subject and id. */
// biome-ignore format: a line a rule.
export const RULES: readonly Rule[] = [
  changeColumnType,
  columnReplaced,
  dropIdentity,
  frozenTimeDefault,
  generatedColumnAdded,
  generatedExpressionChanged,
  identityAlways,
  notNullWithoutDefault,
  serialColumnAdded,
  timestampConversionBySession,
  volatileDefault,
  breakingChange,
  deleteWithoutWhere,
  dropCascade,
  dropColumn,
  dropConstraint,
  dropDatabase,
  dropDefault,
  dropExtension,
  dropFunction,
  dropNotNull,
  dropOwned,
  dropSchema,
  dropSequence,
  dropTable,
  dropTrigger,
  dropType,
  dropView,
  truncateTable,
  updateWithoutWhere,
  functionMadeAgain,
  immutableFunctionDepends,
  viewMadeAgain,
  viewSelectsStar,
  concurrentIndexLeftInvalid,
  concurrentlyOnPartitioned,
  createIndexNotConcurrently,
  dropIndexNotConcurrently,
  indexNotImmutable,
  indexOnBoolean,
  materializedViewWithoutUniqueIndex,
  redundantIndex,
  reindexNotConcurrently,
  wideIndex,
  addExclusionConstraint,
  addPrimaryKey,
  addUniqueConstraint,
  deferrableKey,
  foreignKeyCascades,
  foreignKeyTypeMismatch,
  foreignKeyWithoutIndex,
  missingPrimaryKey,
  tableInheritance,
  unloggedTable,
  addCheckValidated,
  addForeignKeyValidated,
  attachPartitionScan,
  autovacuumOff,
  clusterTable,
  dataChangeUnderLock,
  detachPartitionNotConcurrently,
  lockTable,
  missingLockTimeout,
  refreshNotConcurrently,
  replicaIdentityFull,
  setLogged,
  setNotNull,
  setTablespace,
  severalTablesLocked,
  triggerDisabled,
  triggerOnExistingTable,
  vacuumFull,
  validateInSameTransaction,
  ifNotExistsHides,
  nameTooLong,
  quotedName,
  reservedName,
  catalogWrite,
  codeBlock,
  copyWithServer,
  eventTrigger,
  extensionCreated,
  libraryLoaded,
  procedureCall,
  publishAllTables,
  rewriteRule,
  serverFunction,
  serverSetting,
  moveToSchema,
  renameColumn,
  renameEnumValue,
  renameFunction,
  renameSchema,
  renameTable,
  renameType,
  renameView,
  defaultPrivilegesForEverybody,
  extensionExposed,
  grantToEverybody,
  materializedViewExposed,
  passwordInSql,
  permissionRevoked,
  policiesAddUp,
  policyAlwaysTrue,
  policyCallsFunctionPerRow,
  policyDropped,
  policyTrustsUserMetadata,
  policyWithoutRowSecurity,
  powerfulRole,
  rowSecurityDisabled,
  rowSecurityWithoutPolicy,
  securityDefinerSearchPath,
  tableWithoutRowSecurity,
  viewPassesByRowSecurity,
  sequenceCycles,
  sequenceRestarted,
  sequenceRunsOut,
  sequenceStaysInteger,
  sequenceWithoutOwner,
  setvalConstant,
  halfDoneWithoutTransaction,
  needsNoTransaction,
  replicationRole,
  sessionSettingLeft,
  setLocalWithoutTransaction,
  transactionControl,
  characterType,
  domainConstraintValidated,
  enumValueInTransaction,
  enumValueStays,
  enumValueUsedAtOnce,
  floatAmount,
  internalType,
  jsonNotJsonb,
  moneyType,
  serialColumn,
  smallPrimaryKey,
  timeWithTimeZone,
  timestampPrecision,
  timestampWithoutTimeZone,
  typeMadeAgain,
  varcharWithLimit,
];
