// Planted bugs: the simulation must notice each of them, or it proves nothing (see simulation.test.ts).

import type { Sabotage } from './person.ts'

export const SABOTAGES: Readonly<Record<string, Sabotage>> = {
  /** Entries are announced but never written: what is to be sent is not there after a crash. */
  'drop-outbox': (writes) => writes.filter((write) => write.kind !== 'put' || write.table !== 'entries'),
  /** The conversation's record is forgotten: chains and cursors fall back after a crash. */
  'drop-record': (writes) => writes.filter((write) => write.kind !== 'put' || write.table !== 'conversations'),
  /** What was sent under a ref is not remembered: a repeated send doubles the message. */
  'drop-refs': (writes) => writes.filter((write) => write.kind !== 'put' || write.table !== 'sent'),
  /** Messages are acknowledged and never become part of the timeline. */
  'drop-timeline': (writes) => writes.filter((write) => write.kind !== 'put' || write.table !== 'timeline'),
}
