// The page of session.e2e.ts: this tab's session, and the adapters under their contracts, in a real browser. Not part of the app.

import { loadPlatformVerify } from '@kith/protocol/later'
import { STORE_CONTRACT } from '../../../protocol/test/contract/store-contract.ts'
import { craftedSignatures } from '../../../protocol/test/vectors/crafted-signatures.ts'
import { createDocumentStore } from '../../src/adapters/documents/documents.ts'
import { openDatabase } from '../../src/adapters/indexeddb/database.ts'
import { openIndexedDbStore } from '../../src/adapters/indexeddb/store.ts'
import { loadVaultKey } from '../../src/adapters/vault/vault.ts'
import { ENGINE_LOCK } from '../../src/session/channel.ts'
import { registerServiceWorker, startSession } from '../../src/session/index.ts'
import { joinTabs } from '../../src/session/session.ts'
import { EngineError } from '../../src/session/status.ts'
import { browserRandom, browserTimer } from '../../src/session/surroundings.ts'
import { trustedScript } from '../../src/session/trusted-types.ts'
import { wipeDevice } from '../../src/session/wipe.ts'
import { onWiped } from '../../src/session/wiped.ts'
// oxlint-disable-next-line import/default -- Vite makes the default export.
import logEngineUrl from './log-engine.worker.ts?worker&url'
import type { AppView, ConversationId, DocumentStore, Store } from '@kith/protocol'
import type { RemoteEngine } from '../../src/session/engine-client.ts'
import type { UpdateReady } from '../../src/session/updates.ts'

const conversation = 'c' as ConversationId
const shown: { acknowledged: number; texts: readonly string[]; status: string; networkAsked: number; update: UpdateReady | undefined } = {
  acknowledged: 0,
  texts: [],
  status: '',
  networkAsked: 0,
  update: undefined,
}
let session: RemoteEngine | undefined

const current = (): RemoteEngine => {
  if (session === undefined) throw new Error('no session')
  return session
}

const harness = {
  /** Runs the store's contract; answers what failed. */
  async storeContract(): Promise<readonly string[]> {
    const failures: string[] = []
    for (const [i, { name, run }] of STORE_CONTRACT.entries()) {
      const opened = benchOf(`contract-${i}`)
      await run(opened).catch((error: unknown) => failures.push(`${name}: ${String(error)}`))
    }
    return failures
  },
  /** Crafted signatures of which this browser's verifier says something else than ours; undefined where it is not taken. */
  async wrongVerdicts(): Promise<readonly string[] | undefined> {
    const verify = await loadPlatformVerify(crypto.subtle)
    if (verify === undefined) return undefined
    const crafted = craftedSignatures().filter(({ isAdmitted }) => isAdmitted)
    const verdicts = await Promise.all(crafted.map(({ key, message, signature }) => verify(key, message, signature)))
    return crafted.flatMap(({ name, isValid }, at) => (verdicts[at] === isValid ? [] : [name]))
  },
  /** Commits without waiting, each of two rows; the caller ends the page meanwhile. */
  async flood(count: number): Promise<void> {
    const store = await openStore('flood')
    for (let i = 0; i < count; i++) {
      const key = i.toString().padStart(6, '0')
      const writes = [
        { kind: 'put', table: 'entries', key, value: new Uint8Array(1_000), shred: `day/${i}` },
        { kind: 'put', table: 'timeline', key, value: new Uint8Array(10) },
      ] as const
      void store.commit(writes).then(() => (shown.acknowledged += 1))
      if (i % 10 === 9) await new Promise((resolve) => setTimeout(resolve))
    }
  },
  acknowledged: () => shown.acknowledged,
  async flooded(): Promise<{ readonly entries: readonly string[]; readonly timeline: readonly string[] }> {
    const store = await openStore('flood')
    const keys = async (table: 'entries' | 'timeline') => (await store.read({ table })).map(({ key }) => key)
    return { entries: await keys('entries'), timeline: await keys('timeline') }
  },
  /** How long commits take here, ms: `alone` each awaited, `burst` called at once. */
  async measure(count: number): Promise<{ readonly alone: number; readonly burst: number; readonly lastPage: number }> {
    const store = await openStore('measure')
    const put = (i: number) =>
      store.commit([{ kind: 'put', table: 'entries', key: i.toString().padStart(8, '0'), value: new Uint8Array(500), shred: 'day' }])
    const began = performance.now()
    for (let i = 0; i < count; i++) await put(i)
    const between = performance.now()
    await Promise.all(Array.from({ length: count }, (_, i) => put(count + i)))
    const written = performance.now()
    await store.read({ table: 'entries', limit: 50, order: 'descending' })
    return { alone: between - began, burst: written - between, lastPage: performance.now() - written }
  },
  async append(name: string, texts: readonly string[]): Promise<void> {
    const documents = await openDocuments()
    await documents.load(name)
    for (const text of texts) await documents.append(name, new TextEncoder().encode(text), () => new TextEncoder().encode('snapshot'))
  },
  async load(name: string): Promise<readonly string[]> {
    const documents = await openDocuments()
    return (await documents.load(name)).map((update) => new TextDecoder().decode(update))
  },
  start(way: 'watching' | 'silent' = 'watching'): void {
    session = joinTabs({
      startWorker: () => new Worker(trustedScript(logEngineUrl), { type: 'module' }),
      loadNetwork() {
        shown.networkAsked += 1
        return new Promise(() => undefined)
      },
    })
    onWiped(() => location.replace('/'))
    session.watchStatus((status) => (shown.status = status.kind === 'failed' ? status.code : status.kind))
    if (way === 'silent') return
    session.watchConversation({ conversation, anchor: { kind: 'end' }, before: 50, after: 0 }, (view) => {
      shown.texts = view?.messages.flatMap((message) => (message.kind === 'text' ? [message.text] : [])) ?? []
    })
  },
  /** The real engine. */
  startReal(): Promise<AppView> {
    session = startSession()
    session.watchStatus((status) => (shown.status = status.kind === 'failed' ? status.code : status.kind))
    return new Promise((resolve) => current().watchApp(resolve))
  },
  send: (text: string, ref: string) => current().send({ conversation, text, ref }),
  /** As {@link send}; answers the code of the refusal. */
  sendRefused: (text: string, ref: string) =>
    current()
      .send({ conversation, text, ref })
      .then(
        () => 'saved',
        (error: unknown) => (error instanceof EngineError ? error.code : String(error)),
      ),
  /** Stands for an engine that does not end. */
  hogEngineLock(): void {
    navigator.locks.request(ENGINE_LOCK, () => new Promise(() => undefined)).catch(() => undefined)
  },
  retry: () => current().retry(),
  wipe: () => wipeDevice(),
  async leaders(): Promise<number> {
    const { held = [] } = await navigator.locks.query()
    return held.filter(({ name }) => name === 'kith-leader').length
  },
  status: () => shown.status,
  texts: () => shown.texts,
  networkAsked: () => shown.networkAsked,
  registerServiceWorker: () => registerServiceWorker({ onUpdateReady: (update) => (shown.update = update) }),
  isUpdateReady: () => shown.update !== undefined,
  applyUpdate: () => shown.update?.applyUpdate(),
  /** Whether a script from elsewhere, or one made of text, is refused here. */
  isScriptPolicyKept(): boolean {
    try {
      // oxlint-disable-next-line no-new -- It is the attempt that counts.
      new Worker('/assets/harness.js')
      return false
    } catch (error) {
      return error instanceof TypeError
    }
  },
}
export type Harness = typeof harness
Reflect.set(globalThis, 'harness', harness)

async function vaultKey(): Promise<Uint8Array> {
  return loadVaultKey(await openDatabase())
}

async function openDocuments(): Promise<DocumentStore> {
  return createDocumentStore({
    vaultKey: await vaultKey(),
    random: browserRandom,
    timer: browserTimer,
    store: await openStore('documents'),
  })
}

function benchOf(name: string) {
  let last: IDBDatabase | undefined
  return {
    async open(): Promise<Store> {
      last?.close()
      last = await openDatabase({ name })
      return openIndexedDbStore({ database: last, vaultKey: await vaultKey(), file: undefined, random: browserRandom, timer: browserTimer })
    },
  }
}

const openStore = (name: string): Promise<Store> => benchOf(name).open()
