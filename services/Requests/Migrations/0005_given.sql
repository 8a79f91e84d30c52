-- RequestFacts.given: the requested state sees what an officer gave it on the exchange, and nothing else.
ALTER TABLE requests ADD COLUMN given boolean NOT NULL DEFAULT false;
