// Living messages that somebody looks at: read from their changes once, and then only further. What comes late in the order makes all of it be read anew.

import { decode, tryDecode } from '../../bytes/codec.ts'
import { changesOf, lineOf } from '../../conversation/lines.ts'
import { isEntryShown } from '../../conversation/state.ts'
import { cleanText } from '../../conversation/text.ts'
import { livingClientOf } from '../../documents/client.ts'
import { formOf } from '../../documents/living-form.ts'
import { CHANGES_PER_ACCOUNT_MAX, LIVING_KEPT_MAX } from '../../documents/living-limits.ts'
import { openLiving, takeChange } from '../../documents/living.ts'
import { ROWS_PER_READ_MAX } from '../../limits.ts'
import { contentKeptOf } from '../../log/kept-body.ts'
import { entryKeyOf } from '../../log/lookups.ts'
import { keptKeyOf, storedBody } from '../../node/rows/stored-body.ts'
import { entryOfRow } from '../../node/rows/stored-entry.ts'
import { content as contentCodec } from '../../wire/content.ts'
import { createSequences } from '../sequences.ts'
import type { AccountId, ConversationId, DeviceId, EntryId } from '../../bytes/ids.ts'
import type { PlacedChange } from '../../conversation/lines.ts'
import type { LivingChange, LivingDocument } from '../../documents/living.ts'
import type { Conversation } from '../../node/state.ts'
import type { Store } from '../../ports.ts'
import type { Loop } from '../loop.ts'

export type LivingRef = { readonly conversation: ConversationId; readonly message: EntryId }
type ReadChange = LivingChange & { readonly device: DeviceId; readonly seq: number }
type SeenChange = { readonly orderKey: string; readonly change: ReadChange | undefined; readonly isShown: boolean }
type KeptLiving = { readonly living: LivingDocument; readonly seen: SeenChange[] }
type KeeperParts = {
  readonly store: Pick<Store, 'get' | 'read'>
  readonly loop: Pick<Loop, 'state' | 'ask'>
  readonly log: (line: string) => void
}

export type LivingKeeper = {
  /** As it is now, for as long as `use` runs; undefined where it is not here. */
  readonly withLiving: <T>(ref: LivingRef, use: (living: LivingDocument, chat: Conversation) => Promise<T> | T) => Promise<T | undefined>
}

export function createLivingKeeper({ store, loop, log }: KeeperParts): LivingKeeper {
  const kept = new Map<EntryId, KeptLiving>()
  const inTurn = createSequences<EntryId>()

  async function awake(conversation: ConversationId): Promise<Conversation | undefined> {
    await loop.ask({ kind: 'wake', conversation })
    return loop.state().conversations.awake.get(conversation)
  }

  async function begin({ conversation, message }: LivingRef, chat: Conversation): Promise<LivingDocument | undefined> {
    const line = await lineOf(store, conversation, message)
    if (line?.content.kind !== 'text' || line.content.living === undefined || !isEntryShown(chat.view, line)) return undefined
    const said = tryDecode(contentCodec, line.content.kept.content)
    const form = said?.kind === 'living' ? formOf({ form: said.form, words: cleanText(said.text) }) : undefined
    return form && openLiving(form, line.account)
  }

  async function changeAt({ conversation }: LivingRef, { orderKey, account }: PlacedChange): Promise<ReadChange | undefined> {
    const row = await store.get('bodies', keptKeyOf(conversation, { kind: 'change', orderKey }))
    if (row === undefined) return undefined
    const { kept: body, ...place } = decode(storedBody, row)
    const entry = await store.get('entries', entryKeyOf(conversation, place))
    if (entry === undefined) return undefined
    const { header } = entryOfRow(entry)
    const content = contentKeptOf(header, body)
    if (content?.kind !== 'change') return undefined
    const { device, seq, time } = header
    return { orderKey, account, device, seq, client: livingClientOf(device, conversation), time, update: content.update }
  }

  async function read(ref: LivingRef, chat: Conversation): Promise<LivingDocument | undefined> {
    const fresh = await begin(ref, chat)
    if (fresh === undefined) return void kept.delete(ref.message)
    const placed = withinShare(await changesOf(store, ref.conversation, ref.message))
    const known = kept.get(ref.message)
    // Whoever is a member no more may have taken along what counted.
    const isShown = (change: ReadChange | undefined): boolean => change !== undefined && isEntryShown(chat.view, change)
    const isFurther = known?.seen.every((one, at) => placed[at]?.orderKey === one.orderKey && isShown(one.change) === one.isShown) === true
    const { living, seen } = isFurther ? known : { living: fresh, seen: [] }
    for (let at = seen.length; at < placed.length; at = seen.length) {
      const some = placed.slice(at, at + ROWS_PER_READ_MAX)
      const changes = await Promise.all(some.map((one) => changeAt(ref, one)))
      for (const [place, { orderKey }] of some.entries()) {
        const change = changes[place]
        seen.push({ orderKey, change, isShown: isShown(change) })
        const refusal = change !== undefined && isShown(change) ? takeChange(living, change) : undefined
        if (refusal !== undefined) log(`refused: change, ${refusal}`)
      }
    }
    kept.delete(ref.message)
    kept.set(ref.message, { living, seen })
    for (const oldest of [...kept.keys()].slice(0, -LIVING_KEPT_MAX)) kept.delete(oldest)
    return living
  }

  return {
    withLiving: (ref, use) =>
      inTurn(ref.message, async () => {
        const chat = await awake(ref.conversation)
        const living = chat && (await read(ref, chat))
        return living === undefined || chat === undefined ? undefined : use(living, chat)
      }),
  }
}

// The first of each account, in order: a flood of one costs the others nothing.
export function withinShare(placed: readonly PlacedChange[]): readonly PlacedChange[] {
  const counts = new Map<AccountId, number>()
  return placed.filter(({ account }) => {
    const count = (counts.get(account) ?? 0) + 1
    counts.set(account, count)
    return count <= CHANGES_PER_ACCOUNT_MAX
  })
}
