// Files that are here whole go to devices of the same conversation, as they ask for them: one chunk after the other, no faster than their streams take
// them.

import { chunksOf } from '../../attachments/chunk.ts'
import { proofOf } from '../../attachments/tree.ts'
import { CHUNKS_WANTED_MAX, WANTS_PER_DEVICE_MAX } from '../../attachments/limits.ts'
import { CHUNK_BYTES } from '../../limits.ts'
import { keyOfPlace } from './fetching.ts'
import { saidOf } from './lines.ts'
import { takesPart } from './partners.ts'
import { dropGoing, filedKey, readFiled } from './rows.ts'
import type { FileFrame, FilePlace } from '../../attachments/file-frame.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { FetchingParts, FetchView } from './fetching.ts'
import type { FileRef } from './open-files.ts'

type Want = Extract<FileFrame, { kind: 'want' }>
type GoingFile = { readonly place: FilePlace; done: number; device?: DeviceId | undefined }

export type Serving = ReturnType<typeof createServing>

type ServingParts = Pick<FetchingParts, 'store' | 'files' | 'state' | 'send' | 'changed' | 'log' | 'next'>

export function createServing({ store, files, state, send, changed, log, next }: ServingParts) {
  /** What each device waits for; the first of it is being given. */
  const wants = new Map<DeviceId, Want[]>()
  const going = createGoing(changed)

  const mayHave = (device: DeviceId, { conversation }: FilePlace): boolean => takesPart(state(), conversation, device)

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
      for (let [asked] = queue; asked !== undefined && wants.get(device) === queue; [asked] = queue) {
        await give(device, asked)
        // Unless it was taken from there.
        if (queue[0] === asked) queue.shift()
      }
    } catch (error) {
      log(`files wait: ${String(error)}`)
    }
    if (wants.get(device) === queue) wants.delete(device)
  }

  const isFirst = (device: DeviceId, want: Want): boolean => wants.get(device)?.[0] === want

  async function give(device: DeviceId, want: Want): Promise<void> {
    const { conversation, message, item, from, count } = want
    const place: FilePlace = { conversation, message, item }
    // What is being settled may bring it.
    const ref = (await refOf(place)) ?? (await next(() => Promise.resolve()).then(() => refOf(place)))
    if (ref === undefined) return refuse(device, place)
    for (let index = from; index < Math.min(from + count, chunksOf(ref.size)); index += 1) {
      // It may have gone since the last one.
      const isHere = (await store.get('state', filedKey(place))) !== undefined
      if (!isFirst(device, want)) return
      if (!isHere) return refuse(device, place)
      const chunk = await files.open(ref, 'read', (file) => ({ proof: proofOf(file.tree(), index), sealed: file.read(index) }))
      if (!isFirst(device, want)) return
      await send(device, { kind: 'chunk', ...place, index, ...chunk })
      going.note(place, { device, done: Math.min(ref.size, (index + 1) * CHUNK_BYTES) })
    }
  }

  async function refOf(place: FilePlace): Promise<FileRef | undefined> {
    const row = await store.get('state', filedKey(place))
    const size = row && (await saidOf(store, state, place))?.attachment.size
    return row === undefined || size === undefined ? undefined : { conversation: place.conversation, file: readFiled(row), size }
  }

  function forgetWants(isGone: (want: Want) => boolean): void {
    for (const [device, queue] of wants)
      for (const want of queue.filter(isGone)) {
        queue.splice(queue.indexOf(want), 1)
        refuse(device, want)
      }
  }

  const refuse = (device: DeviceId, { conversation, message, item }: FilePlace): void => {
    send(device, { kind: 'none', conversation, message, item }).catch(() => undefined)
  }

  return {
    ...going,
    want,
    /** It is not here any more. */
    drop(place: FilePlace): void {
      going.drop(place)
      forgetWants((want) => want.conversation === place.conversation && keyOfPlace(want) === keyOfPlace(place))
    },
    forget(conversation?: ConversationId): void {
      going.forget(conversation)
      if (conversation === undefined) wants.clear()
      else forgetWants((want) => want.conversation === conversation)
    },
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
    has: ({ conversation, ...of }: FilePlace): boolean => chats.get(conversation)?.has(keyOfPlace(of)) === true,
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
