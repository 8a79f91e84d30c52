-- A message that is being taken in alone, because a process may have died of it. Left behind by a death.
CREATE TABLE being_tried (
  id     uuid        PRIMARY KEY, -- of the message
  deaths int         NOT NULL,    -- processes that began and did not say how it ended
  since  timestamptz NOT NULL DEFAULT now()
);

-- Times it could not be taken in.
ALTER TABLE parked ADD COLUMN tries int NOT NULL DEFAULT 1;

-- The range being taken in; still ahead of sealed_no when a process died in the middle of it.
ALTER TABLE positions ADD COLUMN reading_from bigint NOT NULL DEFAULT 0;
ALTER TABLE positions ADD COLUMN reading_to bigint NOT NULL DEFAULT 0;
