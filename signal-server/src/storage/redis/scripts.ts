// The functions that run in the server, one file each. A server is told a script by its hash, and the whole of it where it does not know it yet: after a
// restart, a fail-over, or an update of the relay. So old and new relays may run side by side.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

export type Script = { readonly source: string; readonly sha: string }

const textOf = (name: string): string => readFileSync(new URL(`${name}.lua`, import.meta.url), 'utf8')
const COMMON = textOf('common')

/** Its first line says what it may do, so what all share comes after that. */
function load(name: string): Script {
  const [flags = '', ...lines] = textOf(name).split('\n')
  const source = [flags, COMMON, ...lines].join('\n')
  return { source, sha: createHash('sha1').update(source).digest('hex') }
}

export const SCRIPTS = {
  createMailbox: load('create-mailbox'),
  mailboxKeys: load('mailbox-keys'),
  markOpened: load('mark-opened'),
  listen: load('listen'),
  takeTurn: load('take-turn'),
  deposit: load('deposit'),
  gather: load('gather'),
  readBlobs: load('read-blobs'),
  deleteBlobs: load('delete-blobs'),
  putParcel: load('put-parcel'),
  getParcel: load('get-parcel'),
  dropParcels: load('drop-parcels'),
  hold: load('hold'),
  dueHeld: load('due-held'),
  dropHeld: load('drop-held'),
  purge: load('purge'),
  sweep: load('sweep'),
  usage: load('usage'),
  putHandle: load('put-handle'),
  getHandle: load('get-handle'),
  listHandles: load('list-handles'),
  handlesOf: load('handles-of'),
  takeAccount: load('take-account'),
  leaveAccount: load('leave-account'),
  setPush: load('set-push'),
  pushesOf: load('pushes-of'),
  expiries: load('expiries'),
  check: load('check'),
  reserveRecord: load('reserve-record'),
  releaseRecord: load('release-record'),
  putRecord: load('put-record'),
  getRecord: load('get-record'),
  claimRecord: load('claim-record'),
  endRecord: load('end-record'),
  putPrekeys: load('put-prekeys'),
  takePrekeys: load('take-prekeys'),
} as const
