-- Where an entry stands in the sealed order: asked for by histories and chains of custody. None stands there twice.
CREATE UNIQUE INDEX seal_by_entry ON seal (aggregate_id, version);
