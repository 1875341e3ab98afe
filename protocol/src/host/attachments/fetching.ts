// What is to come here comes from devices that are linked, or from a relay at which it was left, a few chunks at a time: they are checked, on the disk, and only then are more asked for. How
// far a file has come is a number in its row, so it goes on from there after whatever happened (docs/decisions/0043).

import { chunksOf } from '../../attachments/chunk.ts'
import { provenLeaf } from '../../attachments/tree.ts'
import { CHUNKS_PER_ROW_MAX, CHUNKS_WANTED_MAX, FETCHES_MAX, WANT_MS_MAX } from '../../attachments/limits.ts'
import { CHUNK_BYTES } from '../../limits.ts'
import { StoreError } from '../../ports.ts'
import { takeUnasked } from './day-budget.ts'
import { comesUnasked, stateOf, waitAfter, waitAtRelay } from './fetch-state.ts'
import { newFileName, putFiled, putWanted } from './rows.ts'
import { saidOf } from './lines.ts'
import { chatsWith, takesPart } from './partners.ts'
import { askRelays, mayLieAtRelay, RELAY } from './relay-source.ts'
import type { FileFrame, FilePlace } from '../../attachments/file-frame.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { FileState } from '../../views.ts'
import type { StoreWrite } from '../../ports.ts'
import type { RelayAnswer, RelayRequest } from '../../wire/relay.ts'
import type { Fetch, Source, WantedFile } from './fetch-state.ts'
import type { SaidFile } from './lines.ts'
import type { OpenFiles } from './open-files.ts'
import type { FileDeskParts } from './keeper.ts'
import type { Wanted, Wish } from './rows.ts'

export type FetchingParts = Pick<FileDeskParts, 'store' | 'clock' | 'timer' | 'random' | 'log'> & {
  readonly files: OpenFiles
  readonly state: FileDeskParts['loop']['state']
  readonly send: (device: DeviceId, frame: FileFrame) => Promise<void>
  /** Undefined where no answer came. */
  readonly request: (relay: string, request: RelayRequest) => Promise<RelayAnswer | undefined>
  /** One look after the other at what `act` looks at. */
  readonly looking: (act: () => Promise<void>) => () => void
  /** Does one thing about files after the other. Never rejects. */
  readonly next: (act: () => Promise<unknown>) => Promise<void>
  /** What is shown of a conversation may be another now. */
  readonly changed: (conversation: ConversationId) => void
}

type Chunk = Extract<FileFrame, { kind: 'chunk' }>

/** What is to be written with the end of a fetch, and to be done after that. */
type WholeFiles = {
  readonly whole: (place: FilePlace, said: SaidFile) => { readonly writes: readonly StoreWrite[]; readonly begin: () => void }
}

export type FetchView = { readonly place: FilePlace; readonly state: FileState; readonly done: number }

export const keyOfPlace = ({ message, item }: Pick<FilePlace, 'message' | 'item'>): string => `${message}/${item}`

export class Fetching {
  private readonly parts: FetchingParts & WholeFiles
  private readonly chats = new Map<ConversationId, Map<string, WantedFile>>()
  private readonly fetches = new Map<string, Fetch>()
  /** Starts what can be started. */
  readonly look: () => void

  constructor(parts: FetchingParts & WholeFiles) {
    this.parts = parts
    this.look = parts.looking(() => this.lookAll())
  }

  private wantedAt(place: FilePlace): WantedFile | undefined {
    return this.chats.get(place.conversation)?.get(keyOfPlace(place))
  }

  add(place: FilePlace, value: Wanted): void {
    const files = this.chats.get(place.conversation) ?? new Map<string, WantedFile>()
    this.chats.set(place.conversation, files)
    if (!files.has(keyOfPlace(place))) files.set(keyOfPlace(place), { place, value, notFrom: new Set(), refusals: 0, misses: 0 })
  }

  private end(fetch: Fetch): void {
    fetch.cancel()
    if (this.fetches.get(keyOfPlace(fetch.wanted.place)) === fetch) this.fetches.delete(keyOfPlace(fetch.wanted.place))
    this.parts.changed(fetch.wanted.place.conversation)
  }

  /** It is not wanted any more, or it is here. */
  drop(place: FilePlace): void {
    const fetch = this.fetches.get(keyOfPlace(place))
    if (fetch !== undefined) this.end(fetch)
    this.chats.get(place.conversation)?.delete(keyOfPlace(place))
    this.parts.changed(place.conversation)
  }

  // ------------------------------------------------------------------------------------------------------------- looking

  private async lookAll(): Promise<void> {
    for (const device of this.parts.state().net.links.keys())
      for (const id of chatsWith(this.parts.state(), device))
        for (const wanted of this.chats.get(id)?.values() ?? []) {
          if (this.fetches.size >= FETCHES_MAX) return
          if (!this.isOut(wanted, device)) await this.consider(wanted, device)
        }
    for (const files of this.chats.values())
      for (const wanted of files.values()) {
        if (this.fetches.size >= FETCHES_MAX) return
        if (!this.isOut(wanted, RELAY)) await this.consider(wanted, RELAY)
      }
  }

  private isOut({ place, isFull, isOffered, value: { wish: said }, notFrom }: WantedFile, source: Source): boolean {
    return (
      isFull === true ||
      said === 'paused' ||
      said === 'removed' ||
      (isOffered === true && said === 'auto') ||
      notFrom.has(source) ||
      this.fetches.has(keyOfPlace(place))
    )
  }

  private async consider(wanted: WantedFile, source: Source): Promise<void> {
    const { place } = wanted
    if (source !== RELAY && !takesPart(this.parts.state(), place.conversation, source)) return
    const isKnown = wanted.said !== undefined
    const said = (wanted.said ??= await saidOf(this.parts.store, this.parts.state, place))
    if (!isKnown) this.parts.changed(place.conversation)
    if (said !== undefined && this.isThere(source, said)) await this.parts.next(() => this.begin(wanted, said, source))
  }

  private isThere(source: Source, said: SaidFile): boolean {
    return source === RELAY ? mayLieAtRelay(this.parts.state(), said) : this.parts.state().net.links.has(source)
  }

  /** What is to be written so that it may come; undefined where it comes only if somebody asks for it. */
  private async leaveFor({ value, place }: WantedFile, { attachment, account }: SaidFile): Promise<readonly StoreWrite[] | undefined> {
    // What other devices of one's own have sent was wanted there.
    if (value.wish !== 'auto' || account === this.parts.state().self.account) return []
    const taken = comesUnasked(attachment) && (await takeUnasked(this.parts, place.conversation, attachment.size))
    return taken ? [taken] : undefined
  }

  /** First the row: no file lies there that nothing knows of. */
  private async name(wanted: WantedFile, said: SaidFile): Promise<string | undefined> {
    const leave = await this.leaveFor(wanted, said)
    wanted.isOffered = leave === undefined
    this.parts.changed(wanted.place.conversation)
    if (leave === undefined || this.wantedAt(wanted.place) !== wanted) return undefined
    const file = newFileName(this.parts.random)
    const value = { ...wanted.value, file, have: 0 }
    await this.parts.store.commit([putWanted(wanted.place, value), ...leave])
    wanted.value = value
    return file
  }

  private async begin(wanted: WantedFile, said: SaidFile, source: Source): Promise<void> {
    // Until its turn came it may have gone, or somebody paused it.
    if (this.wantedAt(wanted.place) !== wanted || this.isOut(wanted, source)) return
    const file = wanted.value.file ?? (await this.name(wanted, said))
    if (file === undefined || this.wantedAt(wanted.place) !== wanted || !this.isThere(source, said)) return
    const { have } = wanted.value
    const fetch: Fetch = {
      wanted,
      said,
      file,
      source,
      isMoving: source !== RELAY,
      have,
      came: have,
      asked: have,
      cancel: () => undefined,
      run: Promise.resolve(),
    }
    this.fetches.set(keyOfPlace(wanted.place), fetch)
    this.parts.changed(wanted.place.conversation)
    this.askOn(fetch)
  }

  private askOn(fetch: Fetch): void {
    const count = Math.min(CHUNKS_WANTED_MAX, chunksOf(fetch.said.attachment.size) - fetch.asked)
    fetch.cancel()
    fetch.cancel = this.parts.timer(WANT_MS_MAX, () => this.giveUp(fetch))
    if (count <= 0 || fetch.asked - fetch.have > CHUNKS_WANTED_MAX / 2) return
    const { asked: from } = fetch
    if (fetch.source === RELAY) fetch.run = fetch.run.then(() => this.askRelays(fetch, { from, count }))
    else this.parts.send(fetch.source, { kind: 'want', ...fetch.wanted.place, from, count }).catch(() => this.giveUp(fetch))
    fetch.asked += count
  }

  // Never rejects.
  private async askRelays(fetch: Fetch, { from, count }: { readonly from: number; readonly count: number }): Promise<void> {
    const { place } = fetch.wanted
    const isOn = (): boolean => this.fetches.get(keyOfPlace(place)) === fetch
    const ask = { place, said: fetch.said, from, count, isOn, heard: (chunk: Chunk) => this.hear(RELAY, chunk) }
    const outcome = await askRelays(this.parts, ask).catch(() => 'none' as const)
    if (outcome !== 'all' && isOn()) this.giveUp(fetch, outcome === 'broken')
  }

  /** Takes a chunk when its turn has come. */
  hear(source: Source, chunk: Chunk): void {
    if (this.expects(source, chunk)) void this.parts.next(() => this.take(source, chunk))
  }

  /** `isForGood`: as long as that device is linked, it is not asked again. */
  private giveUp(fetch: Fetch, isForGood = false): void {
    const { wanted, source } = fetch
    if (this.fetches.get(keyOfPlace(wanted.place)) !== fetch) return
    wanted.notFrom.add(source)
    if (!isForGood) this.askAgainLater(wanted, source)
    this.end(fetch)
    this.look()
  }

  /** It may merely not have it yet, or have been slow. */
  private askAgainLater(wanted: WantedFile, source: Source): void {
    const waitMs = source === RELAY ? waitAtRelay(wanted.misses) : waitAfter(wanted.refusals)
    if (source === RELAY) wanted.misses += 1
    else wanted.refusals += 1
    this.parts.timer(waitMs, () => {
      if (this.wantedAt(wanted.place) !== wanted || !wanted.notFrom.delete(source)) return
      this.look()
    })
  }

  // -------------------------------------------------------------------------------------------------------------- coming

  private fetchOf(source: Source, place: FilePlace): Fetch | undefined {
    const fetch = this.fetches.get(keyOfPlace(place))
    return fetch?.source === source && fetch.wanted.place.conversation === place.conversation ? fetch : undefined
  }

  /** Whether the next chunk that was asked for of this device is this one: then, and only then, it may wait to be taken. */
  private expects(source: Source, chunk: Chunk): boolean {
    const fetch = this.fetchOf(source, chunk)
    if (fetch === undefined || chunk.index !== fetch.came || chunk.index >= fetch.asked) return false
    fetch.came += 1
    return true
  }

  private async take(source: Source, chunk: Chunk): Promise<void> {
    const fetch = this.fetchOf(source, chunk)
    if (fetch === undefined || chunk.index !== fetch.have) return
    const { attachment } = fetch.said
    const leaf = provenLeaf(attachment, chunk)
    if (leaf === undefined) {
      this.parts.log('refused: chunk, not of this file')
      return this.giveUp(fetch, true)
    }
    try {
      const { conversation } = fetch.wanted.place
      const isWhole = chunk.index + 1 === chunksOf(attachment.size)
      const isToKeep = isWhole || chunk.index + 1 - fetch.wanted.value.have >= CHUNKS_PER_ROW_MAX
      await this.parts.files.open({ conversation, file: fetch.file, size: attachment.size }, 'write', (file) => {
        file.write(chunk.index, { sealed: chunk.sealed, leaf })
        if (isToKeep) file.flush()
      })
      fetch.have += 1
      fetch.isMoving = true
      fetch.wanted.refusals = 0
      fetch.wanted.misses = 0
      if (isToKeep) await this.keep(fetch, isWhole)
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'quota') throw error
      fetch.wanted.isFull = true
      return this.end(fetch)
    }
    if (this.fetches.get(keyOfPlace(fetch.wanted.place)) === fetch) this.askOn(fetch)
    this.parts.changed(chunk.conversation)
  }

  private async keep(fetch: Fetch, isWhole: boolean): Promise<void> {
    const { wanted, file, have } = fetch
    if (this.wantedAt(wanted.place) !== wanted) return
    wanted.value = { ...wanted.value, have }
    if (!isWhole) return this.parts.store.commit([putWanted(wanted.place, wanted.value)])
    const { writes, begin } = this.parts.whole(wanted.place, fetch.said)
    await this.parts.store.commit([...putFiled(wanted.place, { file, size: fetch.said.attachment.size }), ...writes])
    this.drop(wanted.place)
    begin()
    // Whoever it came from shows it as not gone until then; it is told again by the next one that asks.
    if (fetch.source !== RELAY) this.parts.send(fetch.source, { kind: 'done', ...wanted.place }).catch(() => undefined)
    this.look()
  }

  async wish(place: FilePlace, value: Wish): Promise<void> {
    const wanted = this.wantedAt(place)
    if (wanted === undefined) return
    // Shown only once it is kept, also where nothing of the file is: whoever goes away upon that finds it so again.
    const said = { ...wanted.value, wish: value }
    await this.parts.store.commit([putWanted(place, said)])
    if (this.wantedAt(place) !== wanted) return
    wanted.value = said
    wanted.isFull = false
    wanted.notFrom.clear()
    wanted.refusals = 0
    wanted.misses = 0
    const fetch = this.fetches.get(keyOfPlace(place))
    if (fetch !== undefined && value === 'paused') this.end(fetch)
    if (fetch !== undefined && value === 'paused' && fetch.have > wanted.value.have) await this.keepPart(fetch)
    this.parts.changed(place.conversation)
    this.look()
  }

  private async keepPart({ wanted, file, have, said }: Fetch): Promise<void> {
    const { conversation } = wanted.place
    await this.parts.files.open({ conversation, file, size: said.attachment.size }, 'write', (open) => open.flush())
    if (this.wantedAt(wanted.place) !== wanted) return
    wanted.value = { ...wanted.value, have }
    await this.parts.store.commit([putWanted(wanted.place, wanted.value)])
  }

  lost(device: DeviceId): void {
    for (const fetch of [...this.fetches.values()]) if (fetch.source === device) this.end(fetch)
    for (const id of chatsWith(this.parts.state(), device))
      for (const wanted of this.chats.get(id)?.values() ?? []) {
        wanted.notFrom.delete(device)
        wanted.refusals = 0
      }
  }

  /** Streams to relays began or ended, or other mailboxes are open there. */
  relaysChanged(): void {
    for (const fetch of [...this.fetches.values()]) if (fetch.source === RELAY && !this.isThere(RELAY, fetch.said)) this.end(fetch)
    for (const files of this.chats.values())
      for (const wanted of files.values()) {
        wanted.notFrom.delete(RELAY)
        wanted.misses = 0
      }
    this.look()
  }

  private viewOf(wanted: WantedFile): FetchView {
    const fetch = this.fetches.get(keyOfPlace(wanted.place))
    const done = Math.min(wanted.said?.attachment.size ?? Infinity, (fetch?.have ?? wanted.value.have) * CHUNK_BYTES)
    return { place: wanted.place, state: stateOf(wanted, fetch, this.parts.state().self.account), done }
  }

  none(device: DeviceId, place: FilePlace): void {
    const fetch = this.fetchOf(device, place)
    if (fetch !== undefined) this.giveUp(fetch)
  }

  said(place: FilePlace): SaidFile | undefined {
    return this.wantedAt(place)?.said
  }

  file(place: FilePlace): string | undefined {
    return this.wantedAt(place)?.value.file
  }

  viewsOf(conversation: ConversationId): readonly FetchView[] {
    return [...(this.chats.get(conversation)?.values() ?? [])].map((wanted) => this.viewOf(wanted))
  }

  /** So that what is shown of files that nobody has looked at is not a guess. */
  async learn(conversation: ConversationId): Promise<void> {
    for (const wanted of this.chats.get(conversation)?.values() ?? [])
      wanted.said ??= await saidOf(this.parts.store, this.parts.state, wanted.place)
  }

  forget(conversation?: ConversationId): void {
    for (const fetch of [...this.fetches.values()])
      if (conversation === undefined || fetch.wanted.place.conversation === conversation) this.end(fetch)
    if (conversation === undefined) this.chats.clear()
    else this.chats.delete(conversation)
  }
}
