-- A page of what is unanswered is found in memory, by row number; the facts of its requests are read by that number.
-- Unique, because two requests with one number would take each other's place in memory.
CREATE UNIQUE INDEX facts_by_row ON facts (row_no);
