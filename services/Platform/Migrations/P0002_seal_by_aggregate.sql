-- Where an aggregate's own chain stands in the sealed order.
CREATE UNIQUE INDEX seal_by_aggregate ON seal (aggregate_id, version);
