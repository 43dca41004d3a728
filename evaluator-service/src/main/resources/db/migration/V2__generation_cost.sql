-- What making samples took beside time. NULL: not measured. A sample's share of its batch's joules, as of its seconds.
ALTER TABLE sample ADD COLUMN gpu_joules double precision, ADD COLUMN cpu_joules double precision;
ALTER TABLE generation ADD COLUMN peak_host_bytes bigint, ADD COLUMN peak_device_bytes bigint;
