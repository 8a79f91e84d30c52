-- Where an entry stands in the sealed order: asked for by histories and chains of custody.
CREATE INDEX seal_by_entry ON seal (aggregate_id, version);
