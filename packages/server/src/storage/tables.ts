import type { ColumnType, Generated, RawBuilder } from "kysely";

/** A column that the database fills in, of timestamp type: Date out, Date in. */
type Stamp = ColumnType<Date, Date | undefined, Date>;
/** jsonb: parsed out; in only through `json()`, since the driver would turn arrays into Postgres arrays. */
type Json<T = unknown> = ColumnType<T, RawBuilder<T>, RawBuilder<T>>;
type JsonOrNull<T = unknown> = ColumnType<T | null, RawBuilder<T> | null | undefined, RawBuilder<T> | null>;

/**
 * How far the sample workspace is: `people` (configuration, databases and people alone), `making` and `made` (its changes too),
 * `removing` and `removed`.
 */
export type SampleState = "people" | "making" | "made" | "removing" | "removed";

/** The tables of schema `change_mgmt`, as storage/migrations makes them. */
export interface Tables {
  users: {
    id: string;
    handle: string;
    name: string;
    email: string | null;
    disabled_at: Date | null;
    created_at: Stamp;
    is_sample: Generated<boolean>;
  };
  sample_workspace: { id: number; state: SampleState; made_by: string; changed_at: Date };
  sample_changes: { story: string; change_id: string | null; acts_done: number; over: boolean };
  user_roles: { handle: string; role: string };
  teams: { id: string; name: string; title: string; created_at: Stamp };
  team_members: { team: string; handle: string };
  user_positions: { id: string; handle: string; position: string; team: string | null };
  api_tokens: {
    id: string;
    handle: string;
    name: string;
    secret_hash: string;
    scopes: string[] | null;
    created_at: Stamp;
    expires_at: Date | null;
    last_used_at: Date | null;
    revoked_at: Date | null;
    from_sign_in: Generated<boolean>;
  };
  passwords: { handle: string; hash: string; changed_at: Date };
  sessions: {
    id: string;
    handle: string;
    secret_hash: string;
    method: string;
    ip_address: string | null;
    user_agent: string | null;
    created_at: Date;
    last_used_at: Date;
    expires_at: Date;
    revoked_at: Date | null;
  };
  second_factors: {
    handle: string;
    sealed_secret: string;
    created_at: Date;
    confirmed_at: Date | null;
    last_step: ColumnType<string, number, number>;
  };
  recovery_codes: { id: string; handle: string; code_hash: string; created_at: Date; used_at: Date | null };
  failed_attempts: { subject: string; failures: number; last_at: Date; locked_until: Date | null };
  sign_in_links: {
    id: string;
    handle: string;
    code_hash: string;
    created_by: string;
    created_at: Stamp;
    expires_at: Date;
    used_at: Date | null;
  };
  number_sequences: { scope: string; last: ColumnType<string, number, number> };
  processes: { hash: string; name: string; version: number; document: Json; created_at: Stamp };
  change_requests: {
    id: string;
    number: string;
    process_name: string;
    process_version: number;
    process_hash: string;
    title: string;
    description: string;
    type: string;
    priority: string;
    requester: string;
    assignee: string | null;
    team: string | null;
    status: string;
    breaking: boolean;
    components: string[];
    metadata: Json;
    artifacts: Json;
    content_hash: string;
    version: number;
    created_at: Stamp;
    updated_at: Stamp;
  };
  changes_under_way: { key: string; change_id: string; updated_at: Stamp };
  search_state: { id: number; made_through: Date };
  change_search: {
    change_id: string;
    change_version: number;
    /** Of an earlier release. */
    source_hash: Generated<string | null>;
    document: ColumnType<string, RawBuilder<string>, RawBuilder<string>>;
  };
  saved_views: {
    id: string;
    owner: string;
    name: string;
    shared_with: string;
    team: string | null;
    filters: Json<Record<string, string>>;
    version: number;
    created_at: Date;
    updated_at: Date;
  };
  default_views: { handle: string; view_id: string };
  workflow_states: { change_id: string; current_step: string; step_data: Json; created_at: Stamp; updated_at: Stamp };
  change_approvals: {
    id: string;
    change_id: string;
    requirement: string;
    environment: string | null;
    voter: string;
    decision: string;
    comment: string | null;
    content_hash: string;
    created_at: Date;
    given_for: string | null;
    withdrawn_at: Date | null;
    withdrawn_by: string | null;
    meeting_id: string | null;
    meeting_present: JsonOrNull<string[]>;
  };
  board_meetings: {
    id: string;
    process: string;
    board: string;
    urgent: boolean;
    state: string;
    from_at: Date;
    to_at: Date | null;
    reason: string | null;
    convened_by: string;
    convened_at: Date;
    opened_by: string | null;
    opened_at: Date | null;
    notes: string;
    noted_by: string | null;
    ended_by: string | null;
    ended_at: Date | null;
    minutes: JsonOrNull;
  };
  meeting_attendance: {
    meeting_id: string;
    person: string;
    arrived_at: Date;
    left_at: Date | null;
    noted_by: string;
  };
  scheduled_deployments: {
    id: string;
    change_id: string;
    environment: string;
    at: Date;
    content_hash: string;
    scheduled_by: string;
    created_at: Date;
    state: string;
    ended_at: Date | null;
    refusal: Json | null;
  };
  tickets: {
    id: string;
    change_id: string;
    component: string;
    key: string;
    folder: string;
    linked_by: string;
    linked_at: Date;
    synced_at: Date;
  };
  deployment_watches: {
    deployment_id: string;
    change_id: string;
    environment: string;
    state: string;
    watch: Json;
    unmeasured: string[];
    measures: Json;
    interval_seconds: number;
    began_at: Date;
    until: Date;
    next_at: Date;
    asked: Generated<number>;
    evaluated: Generated<number>;
    ended_at: Date | null;
    ended_by: string | null;
    reason: string | null;
    refusal: JsonOrNull;
  };
  mails: { event_key: string; handle: string; sent_at: Date };
  approval_deadlines: {
    change_id: string;
    requirement: string;
    asked_at: Date;
    remind_at: Date;
    due_at: Date;
    reminded_at: Date | null;
    escalated_at: Date | null;
  };
  delegations: {
    id: string;
    person: string;
    delegate: string;
    from_at: Date;
    until_at: Date;
    reason: string | null;
    made_by: string;
    created_at: Date;
    ended_at: Date | null;
    ended_by: string | null;
  };
  change_comments: {
    id: string;
    change_id: string;
    author: string;
    text: string;
    created_at: Date;
    files: ColumnType<unknown, RawBuilder<unknown> | undefined, RawBuilder<unknown>>;
  };
  attachment_contents: { sha256: string; size: number; created_at: Date };
  attachment_pieces: { sha256: string; position: number; bytes: Buffer };
  attachments: {
    id: string;
    change_id: string;
    name: string;
    declared_type: string | null;
    type: string;
    size: number;
    sha256: string;
    content: string | null;
    attached_by: string;
    created_at: Date;
    removed_by: string | null;
    removed_at: Date | null;
  };
  change_history: {
    id: string;
    change_id: string;
    from_stage: string;
    to_stage: string;
    from_status: string;
    to_status: string;
    trigger: string;
    actor: string;
    created_at: Date;
  };
  change_environments: {
    change_id: string;
    environment: string;
    state: string;
    deployment_id: string | null;
    updated_at: Date;
  };
  configurations: {
    version: number;
    hash: string;
    document: Json;
    file_name: string;
    file_text: string;
    folder: string | null;
    history: JsonOrNull;
    change_id: string | null;
    imported_by: string;
    created_at: Date;
  };
  rehearsals: {
    change_id: string;
    artifact: string;
    content_hash: string;
    outcome: string;
    report: Json;
    created_at: Date;
  };
  target_looks: {
    change_id: string;
    content_hash: string;
    environment: string;
    look: Json | null;
    refusal: Json | null;
    rewritten_bytes: number | null;
    blocked_seconds: number | null;
    created_at: Date;
  };
  validation_reports: {
    id: string;
    change_id: string;
    content_hash: string;
    kind: string;
    commit_id: string;
    passed: number;
    failed: number;
    summary: string | null;
    reported_by: string;
    created_at: Date;
  };
  deployments: {
    id: string;
    change_id: string;
    environment: string;
    direction: string;
    state: string;
    attempt: Generated<number>;
    content_hash: string;
    plan: Json;
    reason: string | null;
    requested_by: string;
    requested_at: Date;
    started_at: Date | null;
    finished_at: Date | null;
    cancelled_by: string | null;
    cancel_reason: string | null;
    paused_by: Generated<string | null>;
    pause_reason: Generated<string | null>;
    paused_at: Generated<Date | null>;
    retry_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
    target_state: string | null;
    refusal: JsonOrNull;
  };
  deployment_steps: {
    deployment_id: string;
    step: string;
    position: number;
    title: string;
    state: string;
    attempt: number;
    started_at: Date | null;
    finished_at: Date | null;
    message: string | null;
    output: JsonOrNull;
    progress: JsonOrNull;
  };
  deployment_output: { id: Generated<string>; deployment_id: string; step: string; line: string; created_at: Stamp };
  sign_offs: { deployment_id: string; step: string; signed_by: string; note: string | null; created_at: Date };
  schema_snapshots: {
    id: string;
    environment: string;
    hash: string;
    model: Json;
    purpose: string;
    deployment_id: string | null;
    created_at: Date;
  };
  deployment_hold: { id: number; reason: string; held_by: string; since: Date; untold: JsonOrNull };
  leases: { resource: string; holder: string; fence: ColumnType<string, number, number>; expires_at: Date };
  outbox: {
    id: string;
    event: string;
    change_id: string | null;
    payload: Json;
    created_at: Stamp;
    sent_at: Date | null;
  };
  idempotency_keys: {
    actor: string;
    key: string;
    command: string;
    input_hash: string;
    result: JsonOrNull;
    created_at: Stamp;
  };
  audit_streams: {
    stream: string;
    last_seq: ColumnType<string, number, number>;
    last_hash: string;
    last_time: Date;
  };
  audit_trail: {
    id: string;
    change_id: string | null;
    action: string;
    actor: string;
    details: JsonOrNull;
    entry: string;
    hash: string;
    stream: string;
    stream_seq: ColumnType<string, number, number>;
    created_at: Stamp;
    seq: ColumnType<string | null, number | null | undefined, number>;
    prev: string | null;
    chain: string | null;
  };
  audit_head: { id: number; head: Json };
  audit_seals: { size: ColumnType<string, number, number>; seal: Json; created_at: Stamp };
  audit_keys: {
    key_id: string;
    public_key: string;
    created_at: Stamp;
    endorsed_by: string | null;
    endorsement: string | null;
  };
}
