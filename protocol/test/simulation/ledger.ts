// What the relay of a simulated world really stores, told by its storage and not by its answers: which blobs and packets it was given,
// and whether it still has them. The relay cannot read them; the ledger opens them with the keys on people's disks.

import { parseInviteLink } from '../../src/invite/link.ts'
import { openPacket } from '../../src/invite/packet.ts'
import { secondLinkOf } from '../../src/invite/secrets.ts'
import { entryIdOfHeader } from '../../src/log/entry.ts'
import { openBlob } from '../../src/mailbox/blob.ts'
import { openJointBlob } from '../../src/mailbox/joint-blob.ts'
import { bothOf } from '../../src/node/mailboxes/both.ts'
import { nodeOn } from './disk.ts'
import type { BlobId, EntryId, MailboxId, RecordId } from '../../src/bytes/ids.ts'
import type { JointSeal } from '../../src/mailbox/joint-blob.ts'
import type { RelayAddress } from '../../src/wire/capability.ts'
import type { WireEntry } from '../../src/wire/entry.ts'
import type { MemoryStoreImage } from '../contract/memory-store.ts'
import type { Storage } from '../../../signal-server/src/relay/index.ts'

/** `held`: it is there now. `let-go`: its owner said that it may be forgotten. `lost`: the relay lost its disk. */
export type Standing = 'held' | 'let-go' | 'lost' | 'never'

export type Ledger = {
  /** The storage, watched. */
  readonly watch: (storage: Storage) => Storage
  /** What was put there last, whatever became of it. */
  readonly packetAt: (record: RecordId) => Uint8Array | undefined
  /** The relay's disk is gone. */
  readonly lose: () => void
  /** Whether an entry was ever stored in a mailbox. */
  readonly hasBeenIn: (
    mailbox: MailboxId,
    entry: EntryId,
    keys: { readonly disks: readonly MemoryStoreImage[]; readonly link: string },
  ) => boolean
  /** The best that became of an entry at the relay. `disks`, `link`: what opens blobs and packets. */
  readonly standingOf: (entry: EntryId, keys: { readonly disks: readonly MemoryStoreImage[]; readonly link: string }) => Standing
}

type Given = {
  readonly where: { readonly mailbox: MailboxId } | { readonly record: RecordId }
  readonly bytes: Uint8Array
  entries: ReadonlySet<EntryId> | undefined
  standing: Exclude<Standing, 'never'>
}

const ORDER: readonly Standing[] = ['held', 'lost', 'let-go']

/** `relay`: its address, under whose key packets may lie that other relays have as well. */
export function createLedger(relay: () => RelayAddress): Ledger {
  const given = new Map<string, Given>()

  const noteBlob = (mailbox: MailboxId, id: BlobId, bytes: Uint8Array): void => {
    const entries = given.get(`${mailbox}/${id}`)?.entries
    given.set(`${mailbox}/${id}`, { where: { mailbox }, bytes, entries, standing: 'held' })
  }

  const letGo = (key: string): void => {
    const known = given.get(key)
    if (known?.standing === 'held') known.standing = 'let-go'
  }

  return {
    watch: (storage) => ({
      ...storage,
      deposit: async (ask) => {
        const outcomes = await storage.deposit(ask)
        for (const [at, { mailboxes, id, blob }] of ask.deposits.entries())
          for (const [index, mailbox] of mailboxes.entries())
            if (outcomes[at]?.places[index]?.kind === 'stored') noteBlob(mailbox, id, blob)
        return outcomes
      },
      gather: async (ask) => {
        const outcome = await storage.gather(ask)
        for (const [at, { blobs }] of outcome.deleted.entries()) {
          const mailbox = ask.mailboxes[at] as MailboxId
          // What the one does not hold is there no more.
          for (const blob of blobs) given.delete(`${mailbox}/${blob}`)
          if (blobs.length > 0) noteBlob(mailbox, ask.id, ask.blob)
        }
        return outcome
      },
      deleteBlobs: (ask) => {
        for (const { mailbox, blobs } of ask.from) for (const blob of blobs) letGo(`${mailbox}/${blob}`)
        return storage.deleteBlobs(ask)
      },
      putRecord: async (ask) => {
        const outcome = await storage.putRecord(ask)
        if (outcome === 'stored')
          given.set(ask.record, { where: { record: ask.record }, bytes: ask.blob, entries: undefined, standing: 'held' })
        return outcome
      },
      endRecord: (ask) => {
        letGo(ask.record)
        return storage.endRecord(ask)
      },
    }),
    packetAt: (record) => given.get(record)?.bytes,
    lose: () => {
      for (const one of given.values()) if (one.standing === 'held') one.standing = 'lost'
    },
    hasBeenIn: (mailbox, entry, { disks, link }) =>
      [...given.values()].some(
        (one) => 'mailbox' in one.where && one.where.mailbox === mailbox && entriesOf(one, { disks, link, relay }).has(entry),
      ),
    standingOf: (entry, { disks, link }) => {
      const found = [...given.values()].filter((one) => entriesOf(one, { disks, link, relay }).has(entry)).map(({ standing }) => standing)
      return ORDER.find((standing) => found.some((other) => other === standing)) ?? 'never'
    },
  }
}

type Keys = { readonly disks: readonly MemoryStoreImage[]; readonly link: string; readonly relay: () => RelayAddress }

function entriesOf(one: Given, { disks, link, relay }: Keys): ReadonlySet<EntryId> {
  if (one.entries !== undefined) return one.entries
  const wire = 'record' in one.where ? inPacket(one.bytes, link, relay()) : inBlob(one.where.mailbox, one.bytes, disks)
  if (wire === undefined) return new Set()
  one.entries = new Set(wire.map(({ header }) => entryIdOfHeader(header)))
  return one.entries
}

function inPacket(packet: Uint8Array, link: string, relay: RelayAddress): readonly WireEntry[] | undefined {
  const parsing = parseInviteLink(link)
  if (parsing.kind !== 'parsed') return undefined
  return first([parsing.link, { ...parsing.link, ...secondLinkOf(parsing.link, relay) }], (secrets) => {
    const opening = openPacket(secrets, packet)
    return opening.kind === 'opened' ? opening.packet.entries : undefined
  })
}

// Undefined while no disk has the key of this mailbox, or of its joint blobs.
function inBlob(mailbox: MailboxId, blob: Uint8Array, disks: readonly MemoryStoreImage[]): readonly WireEntry[] | undefined {
  for (const disk of disks) {
    const own = sealsOn(disk).filter((seal) => seal.mailbox === mailbox)
    const frames =
      first(own, ({ sealKey }) => openBlob({ mailbox, sealKey }, blob)) ?? first(jointSealsOn(disk), (seal) => openJointBlob(seal, blob))
    if (frames !== undefined) return frames.flatMap((frame) => (frame.kind === 'entries' ? frame.entries : []))
  }
  return undefined
}

function first<A, B>(items: readonly A[], find: (item: A) => B | undefined): B | undefined {
  for (const item of items) {
    const found = find(item)
    if (found !== undefined) return found
  }
  return undefined
}

const jointSealsOn = (disk: MemoryStoreImage): readonly JointSeal[] =>
  [...nodeOn(disk).conversations.values()].flatMap(({ id, blobKeys }) =>
    [...blobKeys].flatMap(([device, keys]) => keys.map((key) => ({ conversation: id, device, key }))),
  )

type Seal = { readonly mailbox: MailboxId; readonly sealKey: Uint8Array }

function sealsOn(disk: MemoryStoreImage): readonly Seal[] {
  const node = nodeOn(disk)
  const [peers, conversations] = [[...node.peers.values()], [...node.conversations.values()]]
  const grants = [
    ...peers.flatMap(({ outbox, spare }) => [outbox, spare?.grant]),
    ...conversations.flatMap(({ invitation }) => [invitation?.grant, invitation?.spare?.grant]),
  ]
  const inboxes = [...peers.flatMap(({ inbox }) => bothOf(inbox)), ...conversations.flatMap(({ invite }) => bothOf(invite?.inbox))]
  return [...grants, ...inboxes.map((inbox) => inbox?.keys)].filter((seal) => seal !== undefined)
}
