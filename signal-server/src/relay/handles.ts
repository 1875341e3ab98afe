// The directory (docs/protocol.md §16): handles that accounts have claimed, looked up by whoever knows them, and first words for their owners, which cost work.

import { fromHex, HANDLE_CLOCK_MS_MAX, HANDLE_MS, HANDLES_FOUND_MAX, HELLO_BLOB_BYTES_MAX, INVITE_MS_MAX } from '@kith/protocol'
import {
  handleKey,
  hasLaterList,
  isHandle,
  isWorkDone,
  judgeHandleClaim,
  prefixKey,
  readHandleClaim,
  workHourAt,
  workStatement,
} from '@kith/protocol/handle'
import { HANDLE_WAIT_MS, HANDLES_PER_ACCOUNT_MAX, HELLOS_WAITING_MAX } from '../limits.ts'
import { keepBlob } from './deposits.ts'
import { DONE, refused, shareUsedUp } from './ports.ts'
import { keepWithin, storedBytesOf } from './shares.ts'
import type { MailboxId, RelayRequestOf } from '@kith/protocol'
import type { HandleOutcome } from '../storage/storage.ts'
import type { FreshBlob } from './deposits.ts'
import type { Outcome, Ports } from './ports.ts'
import type { Share } from './shares.ts'

type HandleParts = {
  readonly ports: Ports
  readonly share: Share
  readonly opened: ReadonlySet<MailboxId>
  readonly stored: (fresh: readonly FreshBlob[]) => void
}

const HELLO_QUOTA = { blobs: HELLOS_WAITING_MAX, bytes: HELLOS_WAITING_MAX * HELLO_BLOB_BYTES_MAX }
const isStored = (outcome: HandleOutcome): boolean => outcome === 'stored'

export function createHandles({ ports, share, opened, stored }: HandleParts) {
  const { storage, clock, key: relayKey } = ports
  return {
    async claim({ claim: signed }: RelayRequestOf<'claim-handle'>): Promise<Outcome> {
      const judged = judgeHandleClaim(signed, relayKey)
      if (judged.kind === 'refused') return refused(judged.reason)
      const { handle, issued, desk, list } = judged.claim
      // Nobody has first words left in a mailbox of somebody else's, and nobody says again what was said before.
      if (desk !== undefined && !opened.has(desk.mailbox)) return refused('denied')
      const now = clock()
      if (Math.abs(issued - now) > HANDLE_CLOCK_MS_MAX) return refused('stale')
      const key = handleKey(handle)
      const kept = await storage.getHandle({ key, now })
      if (kept !== undefined && hasLaterList(kept, list)) return refused('stale')
      const expires = desk === undefined ? now : issued + HANDLE_MS
      const freeAt = expires + HANDLE_WAIT_MS
      const account = fromHex(list.account)
      const ask = { key, handle, account, issued, isListed: desk?.isListed === true, claim: desk === undefined ? new Uint8Array() : signed }
      const item = { place: `handle ${key}`, bytes: storedBytesOf(signed.length), until: freeAt } as const
      const keep = () => storage.putHandle({ ...ask, expires, freeAt, now, perAccount: HANDLES_PER_ACCOUNT_MAX })
      const outcome = await keepWithin(share, item, { keep, isKept: isStored })
      if (outcome === undefined) return shareUsedUp(ports)
      return outcome === 'stored' ? DONE : refused(outcome)
    },
    async find({ handle, isBeginning }: RelayRequestOf<'find-handle'>): Promise<Outcome> {
      const now = clock()
      if (isBeginning) {
        const prefix = prefixKey(handle)
        if (prefix === undefined) return refused('malformed')
        return { answer: { kind: 'handles', handles: await storage.listHandles({ prefix, now, rows: HANDLES_FOUND_MAX }) } }
      }
      if (!isHandle(handle)) return refused('malformed')
      const claim = await storage.getHandle({ key: handleKey(handle), now })
      return claim ? { answer: { kind: 'handle', claim } } : refused('unknown')
    },
    async leave({ handle, hour, nonce, blob }: RelayRequestOf<'leave-hello'>): Promise<Outcome> {
      if (!isHandle(handle)) return refused('malformed')
      if (blob.length > HELLO_BLOB_BYTES_MAX) return refused('too-large')
      const now = clock()
      const current = workHourAt(now)
      if (hour !== current && hour !== current - 1) return refused('stale')
      const claim = await storage.getHandle({ key: handleKey(handle), now })
      const mailbox = claim && readHandleClaim(claim)?.desk?.mailbox
      if (mailbox === undefined) return refused('unknown')
      if (!isWorkDone(workStatement({ relayKey, mailbox, hour, blob }, ports.hash), nonce, ports.hash)) return refused('work')
      const { verdict, fresh } = await keepBlob({ ports, share }, { mailbox, blob, expires: now + INVITE_MS_MAX, quota: HELLO_QUOTA })
      if (verdict.kind === 'refused') return { answer: verdict }
      return fresh.length > 0 ? { ...DONE, after: () => stored(fresh) } : DONE
    },
  }
}
