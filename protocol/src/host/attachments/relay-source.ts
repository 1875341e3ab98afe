// What lies at relays for this device, asked for as of a linked device: the relay is one source more of a file (docs/decisions/0061).

import { openParcel, parcelNameAt, parcelNamesKey } from '../../attachments/parcel.ts'
import { PARCEL_RETRY_MS } from '../../attachments/limits.ts'
import { RETRY_ASKED_MS_MAX } from '../../limits.ts'
import { isRelayed, ownShelfFor } from './shelves.ts'
import type { FileFrame, FilePlace } from '../../attachments/file-frame.ts'
import type { NodeState } from '../../node/state.ts'
import type { Timer } from '../../ports.ts'
import type { RelayAnswer, RelayRequest } from '../../wire/relay.ts'
import type { SaidFile } from './lines.ts'

export const RELAY = 'relay'

type SourceParts = {
  readonly state: () => NodeState
  readonly timer: Timer
  /** Undefined where no answer came. */
  readonly request: (relay: string, request: RelayRequest) => Promise<RelayAnswer | undefined>
}

type Asked = {
  readonly place: FilePlace
  readonly said: SaidFile
  readonly from: number
  readonly count: number
  /** As long as somebody waits for it. */
  readonly isOn: () => boolean
  readonly heard: (frame: Extract<FileFrame, { kind: 'chunk' }>) => void
}

/** Whether it may lie at a relay that is there. */
export const mayLieAtRelay = (state: NodeState, { attachment, device }: SaidFile): boolean =>
  isRelayed(attachment) && ownShelfFor(state, device) !== undefined

/** Chunks in their order, up to the first that does not lie there. Resolves with why it ended. */
export async function askRelays(
  { state, timer, request }: SourceParts,
  { place, said, from, count, isOn, heard }: Asked,
): Promise<'all' | 'none' | 'broken'> {
  const { key } = said.attachment
  const namesKey = parcelNamesKey(key)
  for (let index = from; index < from + count && isOn();) {
    const shelf = ownShelfFor(state(), said.device)
    if (shelf === undefined) return 'none'
    const { relay, mailbox } = shelf
    const answer = await request(relay, { kind: 'get-parcel', mailbox, name: parcelNameAt(namesKey, index) })
    if (answer?.kind === 'refused' && ['too-many', 'busy'].includes(answer.reason)) {
      await new Promise<void>((resolve) => void timer(Math.min(RETRY_ASKED_MS_MAX, Math.max(answer.retryMs, PARCEL_RETRY_MS)), resolve))
      continue
    }
    if (answer?.kind !== 'parcel') return 'none'
    const content = openParcel(key, index, answer.parcel)
    if (content === undefined) return 'broken'
    heard({ kind: 'chunk', ...place, index, ...content })
    index += 1
  }
  return 'all'
}
