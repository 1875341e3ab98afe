// Photos and files of a running engine: what is to come, what is to go, what is sealed and read, and what goes with its message. Loaded when there is
// any (docs/decisions/0043).

import { encode, tryDecode } from '../../bytes/codec.ts'
import { fileFrame } from '../../attachments/file-frame.ts'
import { FRAME_BYTES_MAX } from '../../limits.ts'
import { NetworkError } from '../../ports.ts'
import { keepSame } from '../watch/same-view.ts'
import { createSequences } from '../sequences.ts'
import { createClearing } from './clearing.ts'
import { Fetching, keyOfPlace } from './fetching.ts'
import { goOnRemoving, readChatsHere, readFilesHere, removeFiles } from './files-here.ts'
import { LeavingFiles } from './leaving.ts'
import { createLooking } from './looking.ts'
import { createOpenFiles } from './open-files.ts'
import { readFile } from './reading.ts'
import { isFileRow } from './rows.ts'
import { createSending } from './sending.ts'
import { createServing } from './serving.ts'
import { createSettling } from './settling.ts'
import { haveShelvesChanged } from './shelves.ts'
import { createVoiceDrafts } from './voice-drafts.ts'
import type { FileFrame, FilePlace } from '../../attachments/file-frame.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { FileView } from '../../views.ts'
import type { RelayAnswer, RelayRequest } from '../../wire/relay.ts'
import type { FetchView } from './fetching.ts'
import type { FileDesk, FileDeskParts } from './keeper.ts'

type Views = ReturnType<typeof createViews>

/** All that does something about files, and knows of each other. */
function createDeskParts(parts: FileDeskParts, { changed }: Pick<Views, 'changed'>) {
  const { loop, network, log } = parts
  const files = createOpenFiles(parts.files)
  const send = (device: DeviceId, frame: FileFrame): Promise<void> =>
    network.sendFile?.(device, encode(fileFrame, frame)) ??
    Promise.reject(new NetworkError('disconnected', 'there are no streams for files'))
  const logged = createLogged(log)
  const inTurn = createSequences<'files'>()
  // One thing after the other: nothing is written into a file that goes meanwhile.
  const next = (act: () => Promise<unknown>): Promise<void> => logged(inTurn('files', act))
  const looking = createLooking(log)
  const shared = { ...parts, files, state: loop.state, send, request: createRequest(network), looking, changed, next }
  const clearing = createClearing(shared)
  const fetching = new Fetching({
    ...shared,
    whole(place, said) {
      const plans = settling.fetchedAt(place, said)
      return { writes: plans.map(({ write }) => write), begin: () => plans.forEach(({ begin }) => begin()) }
    },
  })
  const serving = createServing(shared)
  const leaving = new LeavingFiles({ ...shared, arrived: serving.drop })
  const settling = createSettling({ ...shared, fetching, serving, leaving, clearing, logged })
  return { shared, logged, clearing, fetching, serving, leaving, settling }
}

/** Rejects with whatever the store rejects with. */
export async function openFileDesk(parts: FileDeskParts): Promise<FileDesk> {
  const { log } = parts
  const views = createViews((conversation) => [
    ...sealing.viewsOf(conversation),
    ...[...fetching.viewsOf(conversation), ...serving.viewsOf(conversation).map(asLeft)].map(toView),
  ])
  const { changed } = views
  const { shared, logged, clearing, fetching, serving, leaving, settling } = createDeskParts(parts, views)
  const { files, next } = shared
  /** What waits for a link may lie at a relay meanwhile. */
  const asLeft = (view: FetchView): FetchView => (view.state === 'ready' ? { ...view, ...leaving.viewOf(view.place) } : view)
  const sealing = createSealingViews(changed)

  const here = { ...shared, serving, fetching }
  await goOnRemoving(here)
  await settling.begin()
  for (const part of [fetching, leaving, clearing]) part.look()

  function take(device: DeviceId, frame: FileFrame): void {
    switch (frame.kind) {
      case 'want':
        return serving.want(device, frame)
      case 'chunk':
        return fetching.hear(device, frame)
      case 'none':
        return fetching.none(device, frame)
      case 'done':
        return void logged(Promise.all([serving.done(device, frame), leaving.done(device, frame)]))
    }
  }

  const sendFiles = createSending({
    ...parts,
    files,
    ...settling,
    told: ({ conversation, ref }, item, bytes) => sealing.told({ conversation, ref, item, bytes }),
  })

  async function end(conversation?: ConversationId): Promise<void> {
    for (const part of [fetching, serving, leaving, clearing]) part.forget(conversation)
    await next(() => Promise.resolve())
    await files.close(conversation)
  }

  return {
    sendFiles,
    readFile: (asked) => readFile(shared, asked),
    fetchFile: ({ conversation, message, item, isWanted }) =>
      next(() => fetching.wish({ conversation, message, item }, isWanted ? 'asked' : 'paused')),
    voiceDraft: createVoiceDrafts(shared),
    readFilesHere: ({ conversation }) => readFilesHere(here, conversation),
    readChatsHere: () => readChatsHere(here),
    removeFiles: (asked) => removeFiles(here, asked),
    learn: (conversation) => logged(fetching.learn(conversation)),
    watch: (conversation, show) => views.watch(conversation, show),
    follow({ before, after, writes }) {
      for (const write of writes) {
        if (isFileRow(write, 'wanted') && write.value.length === 0) void next(() => settling.settle(write).then(() => fetching.look()))
        if (isFileRow(write, 'gone')) void next(() => settling.takeAway(write))
      }
      if (haveShelvesChanged(before, after)) {
        fetching.relaysChanged()
        leaving.again()
        clearing.look()
      }
      if (before.net.links === after.net.links) return
      for (const device of before.net.links.keys())
        if (!after.net.links.has(device)) for (const part of [fetching, serving]) part.lost(device)
      for (const part of [fetching, leaving]) part.look()
    },
    hear: createHearing(log, take),
    async forget(conversation) {
      await end(conversation)
      await files.removeAll(conversation)
    },
    stop: end,
  }
}

const createHearing =
  (log: FileDeskParts['log'], take: (device: DeviceId, frame: FileFrame) => void): FileDesk['hear'] =>
  ({ device, frame: bytes }) => {
    const frame = bytes.length <= FRAME_BYTES_MAX ? tryDecode(fileFrame, bytes) : undefined
    if (frame === undefined) log('refused: file frame, malformed')
    else take(device, frame)
  }

/** Undefined where no answer came. */
const createRequest =
  (network: FileDeskParts['network']) =>
  (relay: string, asked: RelayRequest): Promise<RelayAnswer | undefined> =>
    network.request(relay, asked).catch((error: unknown) => {
      if (error instanceof NetworkError) return undefined
      throw error
    })

const createLogged =
  (log: (line: string) => void) =>
  (work: Promise<unknown>): Promise<void> =>
    work.then(
      () => undefined,
      (error: unknown) => log(`files wait: ${String(error)}`),
    )

const toView = ({ place, state, done }: { readonly place: FilePlace } & Pick<FileView, 'state' | 'done'>): FileView => ({
  id: keyOfPlace(place),
  message: place.message,
  item: place.item,
  state,
  done,
})

/** Who looks at which files. Many changes of one turn are one look. */
function createViews(viewsOf: (conversation: ConversationId) => readonly FileView[]) {
  const watchers = new Map<() => void, ConversationId>()
  const due = new Set<ConversationId>()
  return {
    changed(conversation: ConversationId): void {
      if (due.size === 0)
        void Promise.resolve().then(() => {
          const changed = new Set(due)
          due.clear()
          for (const [refresh, of] of watchers) if (changed.has(of)) refresh()
        })
      due.add(conversation)
    },
    watch(conversation: ConversationId, show: (views: readonly FileView[]) => void): () => void {
      let shown: readonly FileView[] | undefined
      const refresh = (): void => {
        const views = keepSame(shown ?? [], viewsOf(conversation))
        if (views === shown) return
        shown = views
        show(views)
      }
      watchers.set(refresh, conversation)
      refresh()
      return () => watchers.delete(refresh)
    },
  }
}

type SealingFile = { readonly conversation: ConversationId; readonly ref: string; readonly item: number }

/** Files of messages that are not written yet. */
function createSealingViews(changed: (conversation: ConversationId) => void) {
  let sealing: readonly (SealingFile & { readonly done: number })[] = []
  return {
    told({ bytes, ...file }: SealingFile & { readonly bytes: number | undefined }): void {
      const rest = sealing.filter(({ ref, item }) => ref !== file.ref || (bytes !== undefined && item !== file.item))
      sealing = bytes === undefined ? rest : [...rest, { ...file, done: bytes }]
      changed(file.conversation)
    },
    viewsOf: (of: ConversationId): readonly FileView[] =>
      sealing.flatMap(({ conversation, ref, item, done }) =>
        conversation === of ? [{ id: `${ref}/${item}`, message: ref, item, state: 'sealing' as const, done }] : [],
      ),
  }
}
