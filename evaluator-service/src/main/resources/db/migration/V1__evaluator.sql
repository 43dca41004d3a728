-- The evaluator's own schema. Names compare byte by byte (COLLATE "C"), so that order does not depend on the server's locale.

-- Texts by the SHA-256 of their UTF-8 bytes: prompts, tests, programs. bytea, since a program may hold a NUL.
CREATE TABLE source_text (
    digest text COLLATE "C" PRIMARY KEY,
    body   bytea NOT NULL
);

-- All that decides a completion but its problem and index (design: identity of a completion).
CREATE TABLE generation (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key      text COLLATE "C" NOT NULL UNIQUE,
    identity text NOT NULL,
    -- slots, threads, host, ... of the process that made its first sample: reported, but no part of the identity
    made_with text
);

CREATE TABLE sample (
    generation_id    bigint           NOT NULL REFERENCES generation,
    problem          text COLLATE "C" NOT NULL,
    idx              integer          NOT NULL,
    program_digest   text COLLATE "C"         NOT NULL REFERENCES source_text,
    tokens           integer          NOT NULL,
    finish_reason    text             NOT NULL,
    generate_seconds double precision NOT NULL,
    created_at       timestamptz      NOT NULL DEFAULT now(),
    PRIMARY KEY (generation_id, problem, idx)
);

-- id: SHA-256 over language, program, tests, limits, toolchain and judge version (design: identity of a verdict).
CREATE TABLE execution (
    id              text COLLATE "C"         PRIMARY KEY,
    team            text             NOT NULL,
    language        text             NOT NULL,
    program_digest  text COLLATE "C"         NOT NULL REFERENCES source_text,
    tests_digest    text COLLATE "C"         NOT NULL REFERENCES source_text,
    limits          text             NOT NULL,
    toolchain       text             NOT NULL,
    judge_version   integer          NOT NULL,
    created_at      timestamptz      NOT NULL DEFAULT now(),
    -- times it was asked for; 0 is waiting to be asked
    attempt         integer          NOT NULL DEFAULT 0,
    faults          integer          NOT NULL DEFAULT 0,
    not_before      timestamptz      NOT NULL DEFAULT now(),
    asked_at        timestamptz,
    answered_at     timestamptz,
    -- the last infrastructure fault, one line; given_up: no more attempts
    fault           text,
    given_up        boolean          NOT NULL DEFAULT false,
    verdict         text,
    wall_seconds    double precision,
    compile_seconds double precision,
    cpu_seconds     double precision,
    peak_memory     bigint,
    exit_status     integer,
    signal          integer,
    isolation       text,
    message         text,
    output_head     bytea
);
CREATE INDEX execution_open ON execution (created_at, id) WHERE verdict IS NULL AND NOT given_up;
CREATE INDEX execution_answered ON execution (answered_at);

CREATE TABLE evaluation (
    id               uuid PRIMARY KEY,
    team             text             NOT NULL,
    study_id         uuid             NOT NULL,
    request          text             NOT NULL,
    artifact_id      text             NOT NULL,
    samples          integer          NOT NULL,
    state            text             NOT NULL,
    requested_at     timestamptz      NOT NULL DEFAULT now(),
    finished_at      timestamptz,
    -- known once prepared
    generation_id    bigint REFERENCES generation,
    benchmark_digest text COLLATE "C",
    problems         integer,
    toolchain        text,
    judge_version    integer,
    -- of the event that reported the end, as sent
    failure          text,
    result           text
);
CREATE INDEX evaluation_open ON evaluation (state) WHERE state IN ('REQUESTED', 'RUNNING');
CREATE INDEX evaluation_study ON evaluation (study_id);

-- A cancellation may overtake the requests of its study.
CREATE TABLE cancelled_study (
    study_id uuid PRIMARY KEY
);

CREATE TABLE evaluation_problem (
    evaluation_id uuid             NOT NULL REFERENCES evaluation,
    position      integer          NOT NULL,
    problem       text COLLATE "C" NOT NULL,
    prompt_digest text COLLATE "C"         NOT NULL REFERENCES source_text,
    tests_digest  text COLLATE "C"         NOT NULL REFERENCES source_text,
    stop_tokens   text             NOT NULL,
    PRIMARY KEY (evaluation_id, position),
    UNIQUE (evaluation_id, problem)
);

-- A range of an evaluation's problems with all their samples: what is claimed, leased and retried.
CREATE TABLE work_unit (
    evaluation_id  uuid        NOT NULL REFERENCES evaluation,
    number         integer     NOT NULL,
    first_position integer     NOT NULL,
    end_position   integer     NOT NULL,
    -- of the artifact and mode: what a worker has loaded
    model_key      text        NOT NULL,
    state          text        NOT NULL,
    attempt        integer     NOT NULL DEFAULT 0,
    failures       integer     NOT NULL DEFAULT 0,
    worker         text,
    lease_until    timestamptz,
    not_before     timestamptz NOT NULL DEFAULT now(),
    failure        text,
    PRIMARY KEY (evaluation_id, number)
);
CREATE INDEX work_unit_open ON work_unit (not_before) WHERE state <> 'DONE';

-- Which execution judges which sample of an evaluation: a row a sample, so that none is counted twice.
CREATE TABLE judgement (
    evaluation_id uuid             NOT NULL REFERENCES evaluation,
    problem       text COLLATE "C" NOT NULL,
    idx           integer          NOT NULL,
    execution_id  text COLLATE "C"         NOT NULL REFERENCES execution,
    PRIMARY KEY (evaluation_id, problem, idx)
);
CREATE INDEX judgement_execution ON judgement (execution_id);

CREATE TABLE outbox (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic      text        NOT NULL,
    key        text        NOT NULL,
    payload    text        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    sent_at    timestamptz
);
CREATE INDEX outbox_unsent ON outbox (id) WHERE sent_at IS NULL;
