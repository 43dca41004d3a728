-- Attempts that ended because their worker was asked to stop: no fault of the job, not counted against it.
alter table jobs add column released integer not null default 0;
