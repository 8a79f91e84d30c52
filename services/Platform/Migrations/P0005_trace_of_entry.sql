-- W3C context of the call that wrote the entry, to find its trace by; null where no traces were sent. Beside the entry and not
-- in it: no hash covers it, and an entry is what it is without it.
ALTER TABLE journal ADD COLUMN trace_parent text;
