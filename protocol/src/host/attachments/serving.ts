// Files that are here whole go to devices of the same conversation, as they ask for them: one chunk after the other, no faster than their streams take
// them.

import { chunksOf } from '../../attachments/chunk.ts'
import { proofOf } from '../../attachments/tree.ts'
import { CHUNK_BYTES, CHUNKS_WANTED_MAX, WANTS_PER_DEVICE_MAX } from '../../limits.ts'
import { partnersOf } from '../../node/members.ts'
import { keyOfPlace } from './fetching.ts'
import { saidOf } from './lines.ts'
import { dropGoing, filedKey, readFiled } from './rows.ts'
import type { FileFrame, FilePlace } from '../../attachments/file-frame.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { FetchingParts, FetchView } from './fetching.ts'

type Want = Extract<FileFrame, { kind: 'want' }>
type GoingFile = { readonly place: FilePlace; done: number; device?: DeviceId | undefined }

export type Serving = ReturnType<typeof createServing>

export function createServing({ store, files, state, send, changed, log }: Omit<FetchingParts, 'random' | 'clock' | 'timer'>) {
  const wants = new Map<DeviceId, Want[]>()
  const going = createGoing(changed)

  const mayHave = (device: DeviceId, { conversation }: FilePlace): boolean => partnersOf(state(), conversation).includes(device)

  function want(device: DeviceId, asked: Want): void {
    if (!mayHave(device, asked) || asked.count > CHUNKS_WANTED_MAX) return refuse(device, asked)
    const waiting = wants.get(device)
    if (waiting === undefined) void serve(device, [asked])
    else if (waiting.length < WANTS_PER_DEVICE_MAX) waiting.push(asked)
    else log('refused: want, too much at once')
  }

  // Never rejects. With its link a device loses what it wanted, and asks anew.
  async function serve(device: DeviceId, queue: Want[]): Promise<void> {
    wants.set(device, queue)
    try {
      for (let [next] = queue; next !== undefined && wants.get(device) === queue; [next] = queue) {
        await give(device, next)
        queue.shift()
      }
    } catch (error) {
      log(`files wait: ${String(error)}`)
    }
    if (wants.get(device) === queue) wants.delete(device)
  }

  async function give(device: DeviceId, { from, count, ...asked }: Want): Promise<void> {
    const place: FilePlace = { conversation: asked.conversation, message: asked.message, item: asked.item }
    const row = await store.get('state', filedKey(place))
    const size = row && (await saidOf(store, state, place))?.attachment.size
    if (row === undefined || size === undefined) return refuse(device, place)
    const ref = { conversation: place.conversation, file: readFiled(row), size }
    for (let index = from; index < Math.min(from + count, chunksOf(size)); index += 1) {
      const file = await files.open(ref)
      // A copy that is handed over: what is read next takes its place.
      const frame = { kind: 'chunk', ...place, index, proof: proofOf(file.tree(), index), sealed: file.read(index) } as const
      await send(device, frame)
      going.note(place, { device, done: Math.min(size, (index + 1) * CHUNK_BYTES) })
    }
  }

  const refuse = (device: DeviceId, { conversation, message, item }: FilePlace): void => {
    send(device, { kind: 'none', conversation, message, item }).catch(() => undefined)
  }

  return {
    ...going,
    want,
    /** A device says that it has all of it. */
    async done(device: DeviceId, place: FilePlace): Promise<void> {
      if (mayHave(device, place) && going.drop(place)) await store.commit([dropGoing(place)])
    },
    lost(device: DeviceId): void {
      wants.delete(device)
      going.lost(device)
    },
  }
}

/** Own files that no other device has said to have. */
function createGoing(changed: (conversation: ConversationId) => void) {
  const chats = new Map<ConversationId, Map<string, GoingFile>>()

  return {
    add(place: FilePlace): void {
      const going = chats.get(place.conversation) ?? new Map<string, GoingFile>()
      chats.set(place.conversation, going)
      going.set(keyOfPlace(place), { place, done: 0 })
      changed(place.conversation)
    },
    note(place: FilePlace, { device, done }: { readonly device: DeviceId; readonly done: number }): void {
      const one = chats.get(place.conversation)?.get(keyOfPlace(place))
      if (one === undefined) return
      one.device = device
      one.done = done
      changed(place.conversation)
    },
    /** Whether it was one. */
    drop(place: FilePlace): boolean {
      const wasThere = chats.get(place.conversation)?.delete(keyOfPlace(place)) === true
      if (wasThere) changed(place.conversation)
      return wasThere
    },
    lost(device: DeviceId): void {
      for (const [conversation, going] of chats)
        for (const one of going.values())
          if (one.device === device) {
            one.device = undefined
            changed(conversation)
          }
    },
    viewsOf: (conversation: ConversationId): readonly FetchView[] =>
      [...(chats.get(conversation)?.values() ?? [])].map(({ place, done, device }) => ({
        place,
        state: device === undefined ? 'ready' : 'goes',
        done,
      })),
    forget(conversation?: ConversationId): void {
      if (conversation === undefined) chats.clear()
      else chats.delete(conversation)
    },
  }
}
