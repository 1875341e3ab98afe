// The composition of a running engine: the node's loop, its errands, its documents and its watchers over the ports that the outside
// supplies. Bytes arrive in an adapter → the loop steps them → stores → only then sends and shows.

import { toHex } from '../bytes/bytes.ts'
import { createAcknowledgements } from './network/acknowledgements.ts'
import { createAliases } from './commands/aliases.ts'
import { createClockwork } from './clockwork.ts'
import { createCommands } from './commands/commands.ts'
import { openDocuments } from './documents/documents.ts'
import { performAll } from './effects.ts'
import { createEraser } from './rows/eraser.ts'
import { createExpiries } from './rows/expiry.ts'
import { createFileKeeper } from './attachments/keeper.ts'
import { createFreshEntries } from './rows/fresh-entries.ts'
import { createHolds } from './network/holds.ts'
import { createHomeSearch } from './network/home.ts'
import { createIntake } from './intake.ts'
import { loadPart, withPart } from './part.ts'
import { lazily } from './lazily.ts'
import { createLoop } from './loop.ts'
import { createOutlook } from './watch/outlook.ts'
import { loadOrCreate } from './records/index.ts'
import { createSearchKeeper } from './search/keeper.ts'
import { createSettings } from './commands/settings.ts'
import { createTitles } from './documents/titles.ts'
import { requestsOf } from './watch/requests.ts'
import { createWatchers } from './watch/watchers.ts'
import { flagsOf } from './watch/flags.ts'
import { draftOf, DROPPED, flaggedIn, flagOf, isStarred, petnameOf, verifiedNumberOf } from '../documents/account.ts'
import { toUnixMs } from '../bytes/ids.ts'
import type { ConversationId, DeviceId } from '../bytes/ids.ts'
import type { PlatformVerify } from '../crypto/platform-verify.ts'
import type { Engine } from '../engine.ts'
import type { Clock, DocumentStore, Network, Random, Store, Timer } from '../ports.ts'
import type { Env } from '../node/draft.ts'
import type { NodeState } from '../node/state.ts'
import type { RelayAddress } from '../wire/capability.ts'
import type { Documents } from './documents/documents.ts'
import type { Later } from './lazily.ts'
import type { Loop } from './loop.ts'
import { timedLoop } from './timed.ts'
import type { Outside } from './outside.ts'
import type { Migration } from './migrations/format.ts'
import type { LoadedAttachments } from './attachments/keeper.ts'
import type { OpenIndexer } from './search/keeper.ts'
import type { Outlook } from './watch/outlook.ts'
import type { SettingsStore } from './commands/settings.ts'
import type { Surroundings } from './watch/views.ts'
import type { Presence } from './presence/presence.ts'
import type { Watchers } from './watch/watchers.ts'

export type EngineParts = {
  readonly store: Store
  readonly documents: DocumentStore
  /** Resolves when what people see first has been drawn: whom to reach comes after it. Left out: at once. */
  readonly drawn?: Promise<void> | undefined
  /** Called once, after everything local is at hand. */
  readonly network: (identity: { readonly signSeed: Uint8Array; readonly device: DeviceId }) => Network
  readonly clock: Clock
  readonly random: Random
  readonly timer: Timer
  /** Of the platform, where it follows our rule; left out: ours. */
  readonly verify?: () => Promise<PlatformVerify | undefined>
  /** What turns rows of older versions into those of this one; asked for only where there are such rows. */
  readonly migrations: () => Promise<readonly Migration[]>
  /** What no start needs. */
  readonly later: Later
  /** What keeps an index of all messages and searches it: asked for a while after the start, or when it is needed. Left out: no search. */
  readonly search?: () => Promise<OpenIndexer>
  /** Where photos and files lie, and what moves them: asked for when there is any. Left out: they are named, and do not come. */
  readonly attachments?: () => Promise<LoadedAttachments>
  /** Home relays of this page; rejects while unreachable, and is called again later. */
  readonly relays: () => Promise<readonly RelayAddress[]>
  /** Where invite links point, e.g. `https://chat.example.org`. */
  readonly origin: string
  /** After how long without a change chats go to rest, ms; left out: as it is for people. */
  readonly restMs?: number
  /** What an operator or developer may want to know; never content, never secrets. */
  readonly log?: (line: string) => void
  /** The store failed and the engine has stopped: open a new one. */
  readonly failed?: (error: unknown) => void
}

/** `close` resolves when nothing will be written any more: only then may another engine open the store. */
export type RunningEngine = Engine & { close(): Promise<void> }

/** Views depend on the clock too: sentences about waiting appear without any input. */
const TICKS_PER_REFRESH = 15
const TICKS_PER_SEARCH = 30
const TICKS_PER_JUDGING = 61
/** Between two batches that had nothing to store, ms: as short as timers go. */
const PAUSE_MS = 1

export async function openEngine(parts: EngineParts): Promise<RunningEngine> {
  const env = () => ({ now: toUnixMs(Math.max(0, parts.clock())), random: parts.random })
  const log = parts.log ?? (() => {})
  const { later, initial } = await load(parts, env)
  let state = (): NodeState => initial
  const saved = (): void => outside?.accounts.saved()
  const documents = await openDocuments({ ...parts, device: initial.self.device.id, state: () => state(), saved, log })
  const network = parts.network({ signSeed: initial.self.device.signSeed, device: initial.self.device.id })

  const search = createSearchKeeper({ ...parts, load: parts.search, state: () => state(), log })
  let outside: Outside | undefined
  const loop = createLoop(initial, {
    store: search.store,
    loadPart: () => loadPart(later),
    env,
    verifier: () => outside?.ahead?.verify,
    pause: () => new Promise((resolve) => parts.timer(PAUSE_MS, resolve)),
    committed: ({ before, after, effects, writes, moment }) => {
      fresh.follow(before, writes)
      outlook.seen(before, after, writes)
      for (const follower of [watchers, attachments]) follower.follow({ before, after, writes, moment })
      expiries.follow(writes)
      performAll(effects, { holds, documents, accounts: outside?.accounts, eraser, outlook, watchers, log })
      holds.follow(before, after)
      outside?.follow(before, after, writes)
      outside?.run()
    },
    full: (disk) => log(disk === 'full' ? 'the disk is full: nothing can be stored' : 'the disk has room again'),
    failed: (error) => (clockwork.stop(), parts.failed?.(error)),
    faulty: (error, input) => log(`a step failed on ${input.kind}: ${String(error)}`),
  })
  state = loop.state
  const outlook = createOutlook({ clock: parts.clock, state: loop.state, changed: () => watchers.passed() })
  const settings = createSettings(documents)
  const holds = createHolds({
    ...createAcknowledgements(network),
    readAgain: ({ blob: { relay, mailbox }, sealed, heldAt }) => intake.blob(relay, { mailbox, blob: sealed }, heldAt),
  })
  const near = { presence: () => outside?.presence, desk: () => outside?.desk }
  const intake = createIntake({ ...loop, ...near, ahead: (...frames) => outside?.ahead?.begin(...frames), retry, log })
  const findHome = createHomeSearch({ ...parts, later, state: loop.state, push: loop.push, log })
  const [fresh, asked] = [createFreshEntries(parts.store), timedLoop(loop, documents.timerOf)]
  const attachments = createFileKeeper({ ...parts, store: search.store, loop: asked, network, log })
  const watchers = openWatchers(parts, { later, loop, documents, settings, outlook, ...near, changed: (id) => watchers.changed(id), log })
  const unreached = (error: unknown): void => log(`nobody can be reached yet: ${String(error)}`)
  const goOutside = lazily(async () => {
    const [{ createOutside }, platform] = await Promise.all([later(), parts.verify?.(), parts.drawn])
    // Whoever closes the engine meanwhile is not to be surprised by what it would begin.
    if (clockwork.isStopped()) return
    outside = createOutside({ ...parts, rows: parts.store, store: fresh, documents, network, loop, watchers, settings, platform, log })
  })
  const shared = { ...parts, later, documents, loop: asked, showLinking: outlook.linking.show, ...near, files: attachments.engine, log }
  const eraser = createEraser({ ...shared, forgetFiles: attachments.forget })
  const expiries = createExpiries({ ...parts, loop, log })

  function retry(): void {
    network.retry()
    findHome()
    outside?.hurry()
  }

  const clockwork = createClockwork(parts.timer, (count) => {
    loop.push({ kind: 'tick' })
    expiries.tick()
    if (isHomeSought(loop.state(), count)) findHome()
    if (outside === undefined) void goOutside().catch(unreached)
    else outside.tick()
    if (count % TICKS_PER_JUDGING === 0) holds.judgeAgain(loop.state())
    if (count % TICKS_PER_REFRESH !== 0) return
    void eraser.tidy()
    watchers.passed()
  })

  network.listen((event) => [outlook, intake, attachments].forEach(({ hear }) => hear(event)))
  void goOutside().catch(unreached)
  findHome()
  expiries.tick()
  void eraser.tidy()
  return {
    ...createCommands({ ...shared, network, settings, search, erase: eraser.erase, changed: watchers.changed, retry }),
    ...watchers.watches,
    ...attachments.engine,
    close: () => (clockwork.stop(), loop.stop().then(attachments.stop).then(search.stop)),
  }
}

async function load({ store, migrations, later: load }: EngineParts, env: () => Env) {
  const later = lazily(load)
  return { later, initial: await withPart(later, () => loadOrCreate(store, env(), migrations)) }
}

type Watched = {
  readonly later: Later
  readonly loop: Loop
  readonly documents: Documents
  readonly settings: SettingsStore
  readonly outlook: Outlook
  readonly presence: () => Presence | undefined
  /** What a chat is called has changed. */
  readonly changed: (conversation: ConversationId) => void
  readonly log: (line: string) => void
}

function openWatchers(parts: EngineParts, { later, loop, documents, settings, outlook, presence, changed, log }: Watched): Watchers {
  const around = createAround(parts, documents, {
    outlook,
    seed: loop.state().self.device.signSeed,
    titleOf: createTitles({ state: loop.state, read: documents.listedTitleOf, changed }),
  })
  return createWatchers({
    later,
    linking: outlook.linking.now,
    presence: () => presence()?.view(),
    store: parts.store,
    state: loop.state,
    wake: (conversation) => loop.ask({ kind: 'wake', conversation }),
    around,
    app: () => ({
      ...outlook.appView(settings.read()),
      startDraft: draftOf(documents.account(), 'start'),
      requests: requestsOf(loop.state(), around()),
    }),
    metaOf: documents.metaOf,
    faulty: (error) => log(`a view failed: ${String(error)}`),
  })
}

// A home relay that is not there may be another one by now: one that lost its key is found anew.
const isHomeSought = ({ home, second, net }: NodeState, count: number): boolean =>
  home === undefined ||
  (count % TICKS_PER_SEARCH === 0 && [home, second].some((relay) => relay !== undefined && !net.relays.has(toHex(relay.key))))

/** `seed`: a secret of this device. */
function createAround(
  { clock, origin }: EngineParts,
  { account }: Documents,
  { outlook, seed, titleOf }: Pick<Surroundings, 'titleOf'> & { readonly outlook: Outlook; readonly seed: Uint8Array },
): () => Surroundings {
  const aliasOf = createAliases(seed)
  return () => ({
    now: clock(),
    origin,
    network: outlook.network(),
    isElsewhere: outlook.isElsewhere,
    petnameOf: (other) => petnameOf(account(), other),
    verifiedNumberOf: (other) => verifiedNumberOf(account(), other),
    draftOf: (conversation) => draftOf(account(), conversation),
    titleOf,
    isDropped: (conversation) => flagOf(account(), conversation, DROPPED),
    flagsOf: (chat) => flagsOf(account(), chat, clock()),
    flagged: () => flaggedIn(account()),
    isStarred: (message) => isStarred(account(), message),
    aliasOf,
  })
}
