-- What one LCS instance must not forget. `settlement` is its own to-do list: a set that was decided
-- but not yet cleared away or answered is finished after a restart, with the answer decided first.
-- A row of `record` is one version; its rowid tells the order of filing.
CREATE TABLE IF NOT EXISTS record (
    reference TEXT PRIMARY KEY,
    record_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    document_id INTEGER UNIQUE,
    body TEXT NOT NULL,
    UNIQUE (record_id, version)
) STRICT;

-- Nothing of the record itself changes when it is withdrawn.
CREATE TABLE IF NOT EXISTS withdrawal (
    reference TEXT PRIMARY KEY,
    record_id INTEGER NOT NULL UNIQUE,
    body TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS refusal (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    body TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS settlement (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    answer_name TEXT NOT NULL,
    answer BLOB NOT NULL,
    files TEXT NOT NULL,
    settled_at REAL NOT NULL,
    tidied INTEGER NOT NULL DEFAULT 0,
    answered INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX IF NOT EXISTS settlement_open ON settlement (id) WHERE answered = 0;
