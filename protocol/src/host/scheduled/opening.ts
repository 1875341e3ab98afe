// Scheduled messages whose keys are here: each is opened, and shown once its date has come by this device's clock, whoever handed out the key and when.

import { decode } from '../../bytes/codec.ts'
import { changeLine, lineOf } from '../../conversation/lines.ts'
import { openScheduled } from '../../conversation/scheduled.ts'
import { saidIn, wordsOf } from '../../conversation/timeline-row.ts'
import { SCHEDULED_KEY_MS_MAX, SCHEDULED_KEYS_KEPT_MAX, SCHEDULED_MS_MAX, SEQ_MAX } from '../../limits.ts'
import { contentKeptOf } from '../../log/kept-body.ts'
import { entryKeyOf } from '../../log/lookups.ts'
import { orderKeyOf } from '../../log/order.ts'
import { accountOf, authorOf } from '../../node/members.ts'
import { scheduledKeyIn } from '../../node/rows/scheduled-key.ts'
import { keptKeyOf, storedBody } from '../../node/rows/stored-body.ts'
import { entryOfRow } from '../../node/rows/stored-entry.ts'
import type { DeviceId } from '../../bytes/ids.ts'
import type { TimelineRow } from '../../conversation/timeline-row.ts'
import type { Clock, Store, StoreRow, StoreWrite } from '../../ports.ts'
import type { Loop } from '../loop.ts'

export type OpeningParts = {
  readonly store: Pick<Store, 'get' | 'read'>
  readonly loop: Pick<Loop, 'state' | 'ask'>
  readonly clock: Clock
}
type Key = ReturnType<typeof scheduledKeyIn> & { readonly row: string }
/** `not-here`: what it opens may come yet. A number: not before that moment, ms. */
type Looked = 'done' | 'not-here' | number

/** How far clocks may be apart. */
const CLOCK_SLACK_MS = 86_400_000
/** What came before what it opens is looked at again when entries have come, and else once in so long, ms. */
const NOT_HERE_MS = 3_600_000

export function createOpening({ store, loop, clock }: OpeningParts) {
  const write = async (key: Key, rows: readonly StoreWrite[]): Promise<'done'> => {
    await loop.ask({ kind: 'scheduled', conversation: key.conversation, act: { kind: 'rows', rows: [dropKey(key), ...rows] } })
    return 'done'
  }
  const isMine = (device: DeviceId): boolean => accountOf(loop.state(), device) === loop.state().self.account
  /** Ticks are those of the entry with the key; before that has come nothing confirms what another own device wrote. */
  const seqOf = ({ device, seq, tick }: Key): number => (isMine(device) ? (tick ?? SEQ_MAX) : seq)

  async function lookAtKey(key: Key): Promise<Looked> {
    const { conversation: id, device, target } = key
    if (!loop.state().conversations.has(id)) return write(key, [])
    const line = await lineOf(store, id, target)
    // Of an own one it may be known only now where its ticks are.
    if (line !== undefined) {
      if (key.tick === undefined) return write(key, [])
      if (isMine(device)) return write(key, line.content.kind === 'text' ? [changeLine(id, { ...line, seq: key.tick })] : [])
      const act = { kind: 'rows', rows: [dropKey(key)], passed: { device, seq: key.tick } } as const
      await loop.ask({ kind: 'scheduled', conversation: id, act })
      return 'done'
    }
    const stored = await store.get('entries', entryKeyOf(id, { device, seq: key.seq, id: target }))
    if (stored === undefined) return 'not-here'
    const entry = entryOfRow(stored)
    const kept = await store.get('bodies', keptKeyOf(id, { kind: 'scheduled', orderKey: entry.orderKey }))
    if (kept === undefined) return 'not-here'
    const { kept: body } = decode(storedBody, kept)
    const content = contentKeptOf(entry.header, body)
    const opened =
      content?.kind === 'scheduled' && content.act.kind === 'sealed'
        ? openScheduled({ conversation: id, device, key: key.key }, content.act)
        : undefined
    // No writer's device lets a message wait for so long.
    if (opened === undefined || opened.due > clock() + SCHEDULED_MS_MAX + CLOCK_SLACK_MS) return write(key, [])
    if (opened.due > clock()) return opened.due
    await loop.ask({ kind: 'wake', conversation: id })
    const chat = loop.state().conversations.awake.get(id)
    const account = chat && authorOf(loop.state(), chat, device)
    if (account === undefined) return write(key, [])
    const orderKey = orderKeyOf({ ...entry.order, time: Math.max(entry.order.time, opened.due) }, target)
    const text = wordsOf(opened.content)
    const said = { kind: 'text', ...saidIn(opened.content), text, kept: { salt: body.salt, content: opened.said } } as const
    const row: TimelineRow = { orderKey, id: target, account, device, seq: seqOf(key), time: opened.due, content: said }
    const act = { kind: 'show', row, at: entry.orderKey, ttl: entry.header.ttl, rows: [dropKey(key)] } as const
    await loop.ask(
      text === ''
        ? { kind: 'scheduled', conversation: id, act: { kind: 'rows', rows: act.rows } }
        : { kind: 'scheduled', conversation: id, act },
    )
    return 'done'
  }

  /** When they are to be looked at again, ms, and whether entries that come may be what some of them open. */
  async function look(rows: readonly StoreRow[]): Promise<{ readonly next: number; readonly isAwaiting: boolean }> {
    let [next, isAwaiting] = [Infinity, false]
    const waiting = new Map<DeviceId, number>()
    for (const row of rows) {
      const key = { ...scheduledKeyIn(row), row: row.key }
      const looked = await lookAtKey(key)
      if (looked === 'done') continue
      const count = (waiting.get(key.device) ?? 0) + 1
      waiting.set(key.device, count)
      if (count > SCHEDULED_KEYS_KEPT_MAX || (looked === 'not-here' && isStale(key))) await write(key, [])
      else next = Math.min(next, looked === 'not-here' ? clock() + NOT_HERE_MS : looked)
      isAwaiting ||= looked === 'not-here'
    }
    return { next, isAwaiting }
  }

  // What it opens will not come any more: it was never written, or went before its key came.
  const isStale = ({ since }: Key): boolean => Math.abs(clock() - since) >= SCHEDULED_KEY_MS_MAX

  return { look }
}

const dropKey = ({ row }: Key): StoreWrite => ({ kind: 'delete', table: 'state', key: row })
