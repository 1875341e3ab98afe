// Disks that are replaced by older ones, and what is promised then (docs/decisions/0007): whatever another disk holds comes back; what a
// relay holds comes back as long as the relay keeps it; bodies come back as text where the older disk knows their chain.

import { decode } from '../../src/bytes/codec.ts'
import { storedEntry } from '../../src/node/rows/stored-entry.ts'
import { entryHeader } from '../../src/wire/entry.ts'
import { nodeOn } from './disk.ts'
import type { ConversationId, EntryId } from '../../src/bytes/ids.ts'
import type { Conversation } from '../../src/node/state.ts'
import type { EntryHeader } from '../../src/wire/entry.ts'
import type { MemoryStoreImage } from '../contract/memory-store.ts'
import type { Person } from './person.ts'

/** What a restore has taken away for good. */
export type Losses = {
  /** Entries that only a relay holds. */
  readonly atRelay: Set<EntryId>
  /** Entries that no disk and no relay holds any more; they may come back, and need not. */
  readonly gone: Set<EntryId>
  /** Entries whose keys the restored device has lost: they count, and it cannot show them. */
  readonly unreadable: Set<EntryId>
}

/** The disk, once both have let each other in there; before that there is nothing to come back to. */
export function backupOf(person: Person, conversation: ConversationId): MemoryStoreImage | undefined {
  const disk = person.disk()
  return recordIn(disk, conversation)?.phase === 'open' ? disk : undefined
}

/** What is lost in one chat now that the disk of `person` is that older one. `others`: all other devices in it. */
export function loseBy(
  { person, others, backup }: { readonly person: Person; readonly others: readonly Person[]; readonly backup: MemoryStoreImage },
  { conversation, isRelayKept, losses }: { readonly conversation: ConversationId; readonly isRelayKept: boolean; readonly losses: Losses },
): void {
  const before = person.lastDisk()
  const kept = headersIn(backup, conversation)
  const theirs = new Map(others.flatMap((other) => [...headersIn(other.disk(), conversation)]))
  const chains = recordIn(backup, conversation)?.chains
  for (const [id, header] of new Map([...headersIn(before, conversation), ...theirs])) {
    if (kept.has(id)) continue
    const isReadable = chains?.get(header.device)?.some(({ chain }) => chain === header.chain) === true
    if (!isReadable) losses.unreadable.add(id)
    if (!theirs.has(id)) (isRelayKept && isDeposited(before, conversation, header) ? losses.atRelay : losses.gone).add(id)
  }
}

/** The relay's disk is lost: what lies on no other is gone. */
export function forget({ atRelay, gone }: Losses, people: readonly Person[]): void {
  for (const id of atRelay) if (!people.some((person) => person.hasOnDisk(id))) gone.add(id)
}

function isDeposited(disk: MemoryStoreImage, conversation: ConversationId, header: EntryHeader): boolean {
  const record = recordIn(disk, conversation)
  const isForked = record?.log.feeds.get(header.device)?.fork !== undefined
  return !isForked && record?.view.device === header.device && [...record.delivery.values()].some(({ atRelay }) => atRelay > header.seq)
}

const recordIn = (disk: MemoryStoreImage, conversation: ConversationId): Conversation | undefined =>
  nodeOn(disk).conversations.get(conversation)

function headersIn(disk: MemoryStoreImage, conversation: ConversationId): ReadonlyMap<EntryId, EntryHeader> {
  const rows = [...(disk.tables.get('entries') ?? [])].filter(([key]) => key.startsWith(conversation))
  return new Map(
    rows.map(([key, row]) => [
      key.slice(key.lastIndexOf('/') + 1) as EntryId,
      decode(entryHeader, decode(storedEntry, row.value).wire.header),
    ]),
  )
}
