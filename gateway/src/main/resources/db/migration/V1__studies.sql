create table study (
    id          uuid primary key,
    version     bigint      not null,
    team        text        not null,
    name        text        not null,
    digest      text        not null,
    spec        text        not null,
    state       text        not null,
    created_at  timestamptz not null,
    finished_at timestamptz,
    failure     text,
    cells       integer     not null
);

create index study_by_team on study (team, created_at desc, id desc);

create table quantization_job (
    id          uuid primary key,
    study_id    uuid             not null references study (id),
    team        text             not null,
    position    integer          not null,
    model       text             not null,
    checkpoint  text             not null,
    recipe      text             not null,
    state       text             not null,
    attempt     integer,
    artifact_id text,
    sizes       text,
    provenance  text,
    seconds     double precision not null,
    reused      boolean          not null,
    failure     text,
    unique (study_id, position)
);

create table cell (
    id        uuid primary key,
    study_id  uuid    not null references study (id),
    job_id    uuid    not null references quantization_job (id),
    team      text    not null,
    position  integer not null,
    benchmark text    not null,
    state     text    not null,
    summary   text,
    failure   text,
    unique (study_id, position)
);

create index cell_by_job on cell (job_id);

-- The latest report of each subject and stage. The study is not a foreign key: a report may overtake nothing and be late for all.
create table progress (
    subject_id uuid        not null,
    stage      text        not null,
    study_id   uuid        not null,
    team       text        not null,
    done       bigint      not null,
    total      bigint      not null,
    amount     bigint      not null,
    at         timestamptz not null,
    primary key (subject_id, stage)
);

create index progress_by_study on progress (study_id);

create table outbox (
    id         bigint generated always as identity primary key,
    topic      text        not null,
    record_key text        not null,
    payload    text        not null,
    created_at timestamptz not null default now(),
    sent_at    timestamptz
);

create index outbox_unsent on outbox (id) where sent_at is null;

create table inbox (
    event_id    uuid primary key,
    received_at timestamptz not null default now()
);
