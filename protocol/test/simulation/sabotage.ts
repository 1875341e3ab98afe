// Planted bugs: the simulation must notice each of them, or it proves nothing (see simulation.test.ts).

import type { Sabotage } from './person.ts'

export const SABOTAGES: Readonly<Record<string, Sabotage>> = {
  /** Entries, all but the first few of a feed, are announced but never written: what is to be sent is not there. */
  'drop-outbox': (writes) =>
    writes.filter((write) => write.kind !== 'put' || write.table !== 'entries' || /\/0000000[0-3]\//.test(write.key)),
  /** The conversation's record is forgotten: chains and cursors fall back after a crash. */
  'drop-record': (writes) => writes.filter((write) => write.kind !== 'put' || write.table !== 'conversations'),
  /** What was sent under a ref is not remembered: a repeated send doubles the message. */
  'drop-refs': (writes) => writes.filter((write) => write.kind !== 'put' || write.table !== 'sent'),
  /** Messages are acknowledged and never become part of the timeline. */
  'drop-timeline': (writes) => writes.filter((write) => write.kind !== 'put' || write.table !== 'timeline'),
}
