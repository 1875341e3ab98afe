// The tables of the relay's database, as an append-only list of steps: a step's place in the list is the version it leads to.

import { StorageError } from './storage.ts'
import type { DatabaseSync } from 'node:sqlite'

const STEPS: readonly string[] = [
  `CREATE TABLE mailbox (
     id BLOB PRIMARY KEY, read_key BLOB NOT NULL, send_key BLOB NOT NULL, opened INTEGER NOT NULL,
     seq INTEGER NOT NULL, blobs INTEGER NOT NULL, bytes INTEGER NOT NULL) WITHOUT ROWID;
   CREATE INDEX mailbox_opened ON mailbox (opened);
   CREATE TABLE blob (
     mailbox BLOB NOT NULL, seq INTEGER NOT NULL, id BLOB NOT NULL, expires INTEGER NOT NULL, size INTEGER NOT NULL, body BLOB NOT NULL,
     PRIMARY KEY (mailbox, seq)) WITHOUT ROWID;
   CREATE UNIQUE INDEX blob_id ON blob (mailbox, id);
   CREATE INDEX blob_expires ON blob (expires);
   CREATE TABLE record (
     id BLOB PRIMARY KEY, owner BLOB NOT NULL, serial INTEGER NOT NULL, expires INTEGER NOT NULL, ended INTEGER NOT NULL,
     body BLOB NOT NULL) WITHOUT ROWID;
   CREATE INDEX record_owner ON record (owner);
   CREATE INDEX record_expires ON record (expires);
   CREATE TABLE prekeys (
     id BLOB PRIMARY KEY, owner BLOB NOT NULL, serial INTEGER NOT NULL, expires INTEGER NOT NULL, reusable BLOB NOT NULL) WITHOUT ROWID;
   CREATE INDEX prekeys_expires ON prekeys (expires);
   CREATE TABLE one_time (
     record BLOB NOT NULL, seq INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (record, seq)) WITHOUT ROWID;`,
  `ALTER TABLE record ADD COLUMN claimant BLOB;
   ALTER TABLE record ADD COLUMN claim_proof BLOB;`,
  // The bytes of a blob once, and a row for each mailbox that holds it. A body goes with its last row, which the index on bodies finds.
  `CREATE TABLE body (key INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, bytes BLOB NOT NULL);
   CREATE TABLE place (
     mailbox BLOB NOT NULL, seq INTEGER NOT NULL, body INTEGER NOT NULL, expires INTEGER NOT NULL, size INTEGER NOT NULL,
     PRIMARY KEY (mailbox, seq)) WITHOUT ROWID;
   INSERT OR IGNORE INTO body (id, bytes) SELECT id, body FROM blob;
   INSERT INTO place SELECT blob.mailbox, blob.seq, body.key, blob.expires, blob.size FROM blob JOIN body ON body.id = blob.id;
   DROP TABLE blob;
   CREATE UNIQUE INDEX place_body ON place (body, mailbox);
   CREATE INDEX place_expires ON place (expires);`,
  // Apart from the mailboxes, whose rows are written with every deposit.
  `CREATE TABLE push (mailbox BLOB PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;`,
  // How many lie in each mailbox, and under an empty one how many bodies there are, so that nobody has to count them.
  `CREATE TABLE parcel_body (key INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, bytes BLOB NOT NULL);
   CREATE TABLE parcel (
     mailbox BLOB NOT NULL, name BLOB NOT NULL, body INTEGER NOT NULL, expires INTEGER NOT NULL, PRIMARY KEY (mailbox, name)) WITHOUT ROWID;
   CREATE INDEX parcel_by_body ON parcel (body);
   CREATE INDEX parcel_expires ON parcel (expires);
   CREATE TABLE shelf (mailbox BLOB PRIMARY KEY, parcels INTEGER NOT NULL) WITHOUT ROWID;`,
  `CREATE TABLE held (
     mailbox BLOB NOT NULL, name BLOB NOT NULL, at INTEGER NOT NULL, wakes INTEGER NOT NULL, bytes BLOB NOT NULL,
     PRIMARY KEY (mailbox, name)) WITHOUT ROWID;
   CREATE INDEX held_at ON held (at);`,
  `CREATE TABLE handle (
     key TEXT PRIMARY KEY, handle TEXT NOT NULL, account BLOB NOT NULL, issued INTEGER NOT NULL, listed INTEGER NOT NULL, claim BLOB NOT NULL,
     expires INTEGER NOT NULL, free_at INTEGER NOT NULL) WITHOUT ROWID;
   CREATE INDEX handle_account ON handle (account);
   CREATE INDEX handle_listed ON handle (key) WHERE listed = 1;
   CREATE INDEX handle_free_at ON handle (free_at);`,
]

export const SCHEMA_VERSION = STEPS.length

/** Brings the database to {@link SCHEMA_VERSION}; refuses one that a newer relay has written. */
export function migrate(database: DatabaseSync): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
  if (version > SCHEMA_VERSION) {
    const message = `the data was written by a newer version of Kith (format ${version}, this one reads up to ${SCHEMA_VERSION}); update Kith or set KITH_DATA_DIR to another folder`
    throw new StorageError('disk', message)
  }
  for (const [index, step] of STEPS.entries()) {
    if (index < version) continue
    database.exec(`BEGIN IMMEDIATE; ${step}; PRAGMA user_version = ${index + 1}; COMMIT`)
  }
}
