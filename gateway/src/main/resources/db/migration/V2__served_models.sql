-- A served model has a row here too, done from the start: no checkpoint and no recipe, but what its study states of it.
alter table quantization_job add column generator text, alter column checkpoint drop not null, alter column recipe drop not null;
