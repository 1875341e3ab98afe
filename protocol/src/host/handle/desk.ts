// The desk of this device's handle (docs/protocol.md §16): it claims the handle at the home relay, keeps it, and opens the mailbox where first words are left.
// What comes there is judged one after the other, a second apart, since anybody may leave something, and let go of at the relay once it is kept here.

import { openHello } from '../../handle/hello.ts'
import { PUSH_AGAIN_MS } from '../../limits.ts'
import { HANDLE_RENEWED_MS, HELLOS_UNREAD_MAX } from '../../handle/limits.ts'
import { blobIdOfSealed } from '../../mailbox/blob.ts'
import { createMailboxKeys } from '../../mailbox/keys.ts'
import { createClaiming, refused } from './claiming.ts'
import { readHandleRow, writeHandleRow } from './row.ts'
import type { HandleOutcome } from '../../answers.ts'
import type { PushedBlob } from '../../wire/relay.ts'
import type { ClaimingParts, GreetedSession } from './claiming.ts'
import type { Loop } from '../loop.ts'
import type { OwnHandle } from './row.ts'

export type Desk = {
  /** True for what was left at this desk. */
  readonly take: (relay: string, pushed: PushedBlob) => boolean
  readonly read: () => Promise<OwnHandle | undefined>
  /** Claims a handle, or says of the one there is whether it is listed. */
  readonly claim: (wanted: { readonly handle: string; readonly isListed: boolean }) => Promise<HandleOutcome>
  readonly giveUp: () => Promise<HandleOutcome>
  /** Call about once a second. */
  readonly tick: () => void
}

const SAVED = { kind: 'saved' } as const

type DeskParts = ClaimingParts & { readonly log: (line: string) => void }

export function createDesk(parts: DeskParts): Desk {
  const { clock, random, loop, log } = parts
  const { ask, sessionOf, open, say, there } = createClaiming(parts)
  const unread: { readonly relay: string; readonly blob: Uint8Array }[] = []
  const turns = createTurns()
  const kept = createKept(parts)
  let [openedOn, againAt]: [number | undefined, number] = [undefined, 0]

  /** Once on each stream, and when it is time: a relay that forgot is told again. */
  async function attend(own: OwnHandle, session: GreetedSession): Promise<void> {
    const isRenewed = clock() + session.ahead - own.issued < HANDLE_RENEWED_MS
    if (session.serial === openedOn && isRenewed) return
    if (!(await open(own, session))) throw new Error('the mailbox is not open')
    const known = await there(own)
    const { self } = loop.state()
    // Another own device that has claimed it since has it now.
    if (known !== undefined && known.issued > own.issued && known.list.account === self.account && known.device !== self.device.id)
      return kept.forget()
    if (known?.issued !== own.issued || !isRenewed) {
      const said = await say(own, session, { kept: own, isUsed: true })
      if (said === 'taken' || said === 'full') return kept.forget()
      if (typeof said === 'string') await kept.readAgain()
      if (typeof said === 'string') throw new Error(said)
      kept.set(said)
    }
    openedOn = session.serial
  }

  async function claim(handle: string, isListed: boolean): Promise<HandleOutcome> {
    const own = await kept.read()
    if (own !== undefined && own.handle !== handle) return refused('full')
    const relay = own?.inbox.keys.relay ?? loop.state().home
    const session = relay && sessionOf(relay.key)
    if (relay === undefined || session === undefined) return refused('relay-away')
    const inbox = own?.inbox ?? { keys: createMailboxKeys(relay, random), registered: true }
    const next = { handle, isListed, inbox, seeds: own?.seeds ?? [], issued: own?.issued ?? 0 }
    if (!(await open(next, session))) return refused('relay-away')
    const said = await say(next, session, { kept: own, isUsed: true })
    if (typeof said === 'string') await kept.readAgain()
    if (typeof said === 'string') return refused(said)
    kept.set(said)
    openedOn = session.serial
    return SAVED
  }

  async function giveUp(): Promise<HandleOutcome> {
    const own = await kept.read()
    if (own === undefined) return SAVED
    const session = sessionOf(own.inbox.keys.relay.key)
    if (session === undefined) return refused('relay-away')
    const said = await say(own, session, { kept: own, isUsed: false })
    if (typeof said === 'string') return refused(said)
    await kept.forget()
    return SAVED
  }

  async function look(): Promise<void> {
    const [next] = unread
    const own = kept.now()
    if (own !== undefined && next !== undefined) {
      await judge(loop, own, next.blob)
      const stored = [{ mailbox: own.inbox.keys.mailbox, blobs: [blobIdOfSealed(next.blob)] }]
      await ask(next.relay, { kind: 'acknowledge', stored })
    }
    unread.shift()
    const session = own && sessionOf(own.inbox.keys.relay.key)
    if (own !== undefined && session !== undefined && clock() >= againAt) await attend(own, session)
  }

  return {
    take(relay, { mailbox, blob }) {
      if (kept.now()?.inbox.keys.mailbox !== mailbox) return false
      // What is beyond stays at the relay, and comes with the next stream.
      if (unread.length < HELLOS_UNREAD_MAX) unread.push({ relay, blob })
      return true
    },
    read: kept.read,
    claim: ({ handle, isListed }) => turns.take(() => claim(handle, isListed)),
    giveUp: () => turns.take(giveUp),
    tick() {
      if (kept.now() === undefined || turns.isTaken()) return
      void turns.take(look).catch((error: unknown) => {
        againAt = clock() + PUSH_AGAIN_MS
        log(`the desk of the handle: ${String(error)}`)
      })
    },
  }
}

async function judge({ state, ask }: Loop, { inbox, seeds }: OwnHandle, blob: Uint8Array): Promise<void> {
  const { account } = state().self
  const { mailbox } = inbox.keys
  const [hello] = seeds.flatMap((seed) => openHello({ account, mailbox, seed }, blob) ?? [])
  if (hello === undefined) return
  const { list, name, offer, text } = hello
  await ask({ kind: 'handle', act: { kind: 'hello', account: list.account, name, offer, text } })
}

/** What is claimed. Its relay is kept up with wherever this device's own has moved since. */
function createKept({ rows, loop, log }: Pick<DeskParts, 'rows' | 'loop' | 'log'>) {
  let own: OwnHandle | undefined
  const set = (next: OwnHandle | undefined): void => {
    const before = own?.inbox.keys.relay
    own = next
    if (next !== undefined) loop.push({ kind: 'visit', relay: next.inbox.keys.relay })
    if (before !== undefined) loop.push({ kind: 'leave', relay: before })
  }
  const reading = readHandleRow(rows).then(set)
  void reading.catch((error: unknown) => log(`the handle cannot be read: ${String(error)}`))
  return {
    now: () => own,
    read: () => reading.then(() => own),
    set,
    readAgain: async () => set(await readHandleRow(rows)),
    async forget(): Promise<void> {
      await writeHandleRow(rows, undefined)
      set(undefined)
    },
  }
}

/** One thing after the other. */
function createTurns() {
  let waiting = 0
  let last: Promise<unknown> = Promise.resolve()
  return {
    isTaken: () => waiting > 0,
    take<T>(work: () => Promise<T>): Promise<T> {
      waiting += 1
      const done = last.then(work).finally(() => (waiting -= 1))
      last = done.catch(() => undefined)
      return done
    },
  }
}
