-- One row a request; the row's attempt number fences workers that lost their lease.
create table jobs (
    id          uuid primary key,
    team        text        not null,
    study_id    uuid        not null,
    checkpoint  text        not null,
    recipe      text        not null,
    status      text        not null check (status in ('WAITING', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED')),
    attempt     integer     not null default 0,
    worker      text,
    lease_until timestamptz,
    not_before  timestamptz not null default now(),
    created_at  timestamptz not null default now(),
    finished_at timestamptz,
    artifact_id text,
    seconds     double precision,
    reused      boolean,
    failure     text
);

create index jobs_open on jobs (status, created_at) where status in ('WAITING', 'RUNNING');
create index jobs_by_study on jobs (study_id);

-- A cancellation can overtake the requests it cancels: they come through another topic.
create table cancelled_studies (
    study_id     uuid primary key,
    cancelled_at timestamptz not null default now()
);

-- Written in the transaction that changes a job, sent afterwards in the order of ids.
create table outbox (
    id         bigint generated always as identity primary key,
    topic      text        not null,
    record_key text        not null,
    payload    text        not null,
    created_at timestamptz not null default now(),
    sent_at    timestamptz
);

create index outbox_unsent on outbox (id) where sent_at is null;
