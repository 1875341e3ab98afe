// Own files for devices that are not linked go to their relays, a parcel at a time: of all that waits for a relay the messages go first, since of a file
// no more than one parcel is ever on its way there (docs/decisions/0061). How far it has come is in a row.

import { proofOf } from '../../attachments/tree.ts'
import { parcelNameAt, sealParcel } from '../../attachments/parcel.ts'
import {
  CHUNKS_PER_ROW_MAX,
  LEAVE_MS,
  PARCEL_MS_MAX,
  PARCEL_RETRY_MS,
  PARCEL_RETRY_MS_LAST,
  RELAYED_TO_MAX,
} from '../../attachments/limits.ts'
import { CHUNK_BYTES, MAILBOXES_PER_DEPOSIT_MAX, RETRY_ASKED_MS_MAX } from '../../limits.ts'
import { devicesIn } from '../../node/rest-looks.ts'
import { keyOfPlace } from './fetching.ts'
import { saidOf } from './lines.ts'
import { dropGoing, dropLeaving, filedKey, placeIn, putLeaving, readFiled, readLeaving, rowsOf } from './rows.ts'
import { isRelayed, mailboxOf, parcelsOf, shelfOf } from './shelves.ts'
import type { FilePlace } from '../../attachments/file-frame.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { StoreRow, StoreWrite } from '../../ports.ts'
import type { RelayAnswer } from '../../wire/relay.ts'
import type { Attachment } from '../../wire/attachment.ts'
import type { FetchingParts, FetchView } from './fetching.ts'
import type { Leaving } from './rows.ts'

type Job = {
  readonly place: FilePlace
  readonly value: Leaving
  readonly to: Map<DeviceId, number>
  /** Of the last row. */
  kept: number
  isMoving: boolean
  /** From a row of an earlier start: whoever fetched all of it meanwhile needs no more. */
  isOld: boolean
}
type Batch = { readonly relay: string; readonly index: number; readonly devices: readonly DeviceId[] }

type LeavingParts = Pick<FetchingParts, 'store' | 'files' | 'state' | 'clock' | 'timer' | 'request' | 'looking' | 'changed'> & {
  /** All have it, as far as is known. */
  readonly arrived: (place: FilePlace) => void
}

export class LeavingFiles {
  private readonly parts: LeavingParts
  private readonly jobs = new Map<string, Job>()
  /** Devices whose mailbox has no room, or does not take it, and how often that was said in a row. */
  private readonly refusals = new Map<DeviceId, number>()
  private readonly waiting = new Set<DeviceId>()
  readonly rows = rowsOf('leaving')
  readonly look: () => void

  constructor(parts: LeavingParts) {
    this.parts = parts
    this.look = parts.looking(() => this.lookAll())
  }

  private async lookAll(): Promise<void> {
    for (const job of [...this.jobs.values()]) {
      if (job.to.size === 0) for (const device of this.othersIn(job.place).slice(0, RELAYED_TO_MAX)) job.to.set(device, 0)
      if (job.isOld) job.isOld = !(await this.findWhoHasIt(job))
      if (this.isOn(job)) await this.leave(job)
      if (this.isOn(job) && isLeft(job)) await this.findWhoHasIt(job)
    }
  }

  private isOn(job: Job): boolean {
    return this.jobs.get(keyOf(job.place)) === job
  }

  private lookLater(ms: number): void {
    this.parts.timer(ms, this.look)
  }

  // ------------------------------------------------------------------------------------------------------------- leaving

  /** The next parcel, and for whom: of one relay those that lack the same. */
  private batchOf({ to, value }: Job): Batch | undefined {
    const state = this.parts.state()
    let batch: { relay: string; index: number; devices: DeviceId[] } | undefined
    for (const [device, done] of to) {
      if (done === value.count || state.net.links.has(device) || this.waiting.has(device)) continue
      const shelf = shelfOf(state, device)
      if (shelf === undefined) continue
      batch ??= { relay: shelf.relay, index: done, devices: [] }
      if (shelf.relay === batch.relay && done === batch.index && batch.devices.length < MAILBOXES_PER_DEPOSIT_MAX)
        batch.devices.push(device)
    }
    return batch
  }

  private async leave(job: Job): Promise<void> {
    const { store, state, clock } = this.parts
    const early = job.value.since + LEAVE_MS - clock()
    if (early > 0 && early <= LEAVE_MS) return this.lookLater(early)
    if (this.batchOf(job) === undefined) return
    const said = await saidOf(store, state, job.place)
    const row = await store.get('state', filedKey(job.place))
    if (said === undefined || row === undefined) return
    const file = readFiled(row)
    for (let batch = this.batchOf(job); batch !== undefined && this.isOn(job); batch = this.batchOf(job)) {
      this.show(job, true)
      const parcel = await this.parcelAt(job.place, { attachment: said.attachment, file, index: batch.index })
      if (parcel === undefined || !this.isOn(job)) break
      await this.put(job, batch, parcel)
      if (leastOf(job) - job.kept >= CHUNKS_PER_ROW_MAX) await this.keep(job)
    }
    this.show(job, false)
    if (this.isOn(job)) await this.keep(job)
  }

  private show(job: Job, isMoving: boolean): void {
    job.isMoving = isMoving
    this.parts.changed(job.place.conversation)
  }

  /** Undefined where the file has gone. */
  private async parcelAt(
    { conversation }: FilePlace,
    { attachment, file, index }: { readonly attachment: Attachment; readonly file: string; readonly index: number },
  ): Promise<Uint8Array | undefined> {
    const ref = { conversation, file, size: attachment.size }
    const chunk = await this.parts.files
      .open(ref, 'read', (open) => ({ proof: proofOf(open.tree(), index), sealed: open.read(index) }))
      .catch(() => undefined)
    return chunk && sealParcel(attachment.key, index, chunk)
  }

  private async put(job: Job, { relay, index, devices }: Batch, parcel: Uint8Array): Promise<void> {
    const { state, request } = this.parts
    const mailboxes = devices.flatMap((device) => mailboxOf(state(), device) ?? [])
    // Somebody moved meanwhile.
    if (mailboxes.length < devices.length) return devices.forEach((device) => this.setAside(device, 0))
    const answer = await request(relay, { kind: 'put-parcel', mailboxes, name: parcelNameAt(job.value.namesKey, index), parcel })
    for (const [at, device] of devices.entries()) {
      const verdict = verdictOf(answer, at)
      if (verdict !== 'done') this.setAside(device, verdict)
      // It may have said meanwhile that it has all of it.
      else if (job.to.has(device)) {
        this.refusals.delete(device)
        job.to.set(device, index + 1)
      }
    }
  }

  /** Until a while has passed, or the relay is there anew. */
  private setAside(device: DeviceId, atLeastMs: number): void {
    const times = this.refusals.get(device) ?? 0
    this.refusals.set(device, times + 1)
    this.waiting.add(device)
    this.parts.timer(Math.max(atLeastMs, Math.min(PARCEL_RETRY_MS_LAST, PARCEL_RETRY_MS * 2 ** times)), () => {
      this.waiting.delete(device)
      this.look()
    })
  }

  private async keep(job: Job): Promise<void> {
    const kept = leastOf(job)
    if (kept === job.kept || job.to.size === 0) return
    job.kept = kept
    await this.parts.store.commit([putLeaving(job.place, valueOf(job))])
  }

  // ------------------------------------------------------------------------------------------------------- what was left

  /** Of what lies at a relay no more all was fetched: it is dropped together. The last part that was left tells for all. Whether everybody could be looked for. */
  private async findWhoHasIt(job: Job): Promise<boolean> {
    const { state, clock, request, store } = this.parts
    if (clock() - job.value.since > PARCEL_MS_MAX) {
      this.jobs.delete(keyOf(job.place))
      this.parts.changed(job.place.conversation)
      await store.commit([dropLeaving(job.place)])
      return true
    }
    let isSure = true
    for (const [device, left] of [...job.to]) {
      if (left === 0) continue
      const shelf = shelfOf(state(), device)
      if (shelf === undefined) {
        isSure = false
        continue
      }
      const name = parcelNameAt(job.value.namesKey, left - 1)
      const answer = await request(shelf.relay, { kind: 'find-parcel', mailbox: shelf.mailbox, name })
      if (answer?.kind === 'refused' && answer.reason === 'unknown') await this.done(device, job.place)
    }
    if (this.isOn(job) && isLeft(job)) this.lookLater(PARCEL_RETRY_MS_LAST)
    return isSure
  }

  /** A device has all of it. */
  async done(device: DeviceId, place: FilePlace): Promise<void> {
    const job = this.jobs.get(keyOf(place))
    if (job?.to.delete(device) !== true) return
    this.parts.changed(place.conversation)
    if (job.to.size > 0) return this.parts.store.commit([putLeaving(place, valueOf(job))])
    this.jobs.delete(keyOf(place))
    this.parts.arrived(place)
    await this.parts.store.commit([dropLeaving(place), dropGoing(place)])
  }

  // ------------------------------------------------------------------------------------------------------------- its jobs

  private add(place: FilePlace, value: Leaving, isOld = false): void {
    const to = new Map(value.to.map(({ device, done }) => [device, done]))
    this.jobs.set(keyOf(place), { place, value, to, kept: leastOf({ to }), isMoving: false, isOld })
  }

  load(row: StoreRow): void {
    this.add(placeIn(row.key), readLeaving(row), true)
  }

  private othersIn({ conversation }: FilePlace): readonly DeviceId[] {
    const { conversations, self } = this.parts.state()
    const chat = conversations.look(conversation)
    return chat === undefined ? [] : devicesIn(chat).filter((device) => device !== self.device.id)
  }

  /** What is to be written with a file that is to go; it begins once it was. For nobody yet where somebody is still to come by a link. */
  plan(place: FilePlace, attachment: Attachment): { readonly writes: readonly StoreWrite[]; readonly begin: () => void } {
    const devices = this.othersIn(place)
    if (!isRelayed(attachment) || devices.length > RELAYED_TO_MAX) return { writes: [], begin: () => undefined }
    const to = devices.map((device) => ({ device, done: 0 }))
    const value = { ...parcelsOf(attachment), since: this.parts.clock(), to }
    return { writes: [putLeaving(place, value)], begin: () => (this.add(place, value), this.look()) }
  }

  /** It goes: for whom something of it may lie at relays. */
  drop(place: FilePlace): Leaving | undefined {
    const job = this.jobs.get(keyOf(place))
    this.jobs.delete(keyOf(place))
    return job && valueOf(job)
  }

  forget(conversation?: ConversationId): void {
    for (const [key, { place }] of this.jobs) if (conversation === undefined || place.conversation === conversation) this.jobs.delete(key)
  }

  /** A stream to a relay is a new one: what it refused may do now. */
  again(): void {
    this.waiting.clear()
    this.refusals.clear()
    this.look()
  }

  /** Undefined where it waits for a link alone. */
  viewOf(place: FilePlace): Pick<FetchView, 'state' | 'done'> | undefined {
    const job = this.jobs.get(keyOf(place))
    if (job === undefined) return undefined
    if (job.isMoving) return { state: 'leaves', done: leastOf(job) * CHUNK_BYTES }
    return isLeft(job) ? { state: 'left', done: 0 } : undefined
  }
}

const isLeft = ({ to, value }: Job): boolean => to.size > 0 && [...to.values()].every((done) => done === value.count)
const leastOf = ({ to }: Pick<Job, 'to'>): number => (to.size === 0 ? 0 : [...to.values()].reduce((least, done) => Math.min(least, done)))

const keyOf = (place: FilePlace): string => `${place.conversation}/${keyOfPlace(place)}`
const valueOf = ({ value, to }: Job): Leaving => ({ ...value, to: [...to].map(([device, done]) => ({ device, done })) })

/** Whether it lies there now, or for how long it is not to be tried again, ms. */
function verdictOf(answer: RelayAnswer | undefined, at: number): 'done' | number {
  const verdict = answer?.kind === 'put' ? answer.verdicts[at] : answer
  if (verdict?.kind === 'done') return 'done'
  return verdict?.kind === 'refused' ? Math.min(RETRY_ASKED_MS_MAX, verdict.retryMs) : 0
}
