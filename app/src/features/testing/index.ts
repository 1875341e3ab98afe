// For tests of features: an engine whose answers a test scripts, views to start from, and a place for composables to live in.

import { createApp, defineComponent, h } from 'vue'
import type { App, Component } from 'vue'
import { createPinia } from 'pinia'
import type { AccountId, AppView, ConversationId, ConversationSummary, ConversationView, EntryId, MessageView } from '@kith/protocol'
import { engineKey } from '../engine/index.ts'
import type { EngineClient } from '../engine/index.ts'

export const ANA = '1e0302'.padEnd(64, 'a') as AccountId
export const ME = '0c0107'.padEnd(64, 'b') as AccountId
export const CHAT = 'c'.repeat(64) as ConversationId
export const ALIAS = 'AbCdEf0-_9z'
export const entry = (name: string): EntryId => name.padEnd(64, '0') as EntryId

type Call = { readonly name: string; readonly argument: unknown }
type Answers = Partial<
  Pick<
    EngineClient,
    | 'createConversation'
    | 'openInvite'
    | 'send'
    | 'saveDraft'
    | 'readStars'
    | 'askToTalk'
    | 'acceptRequest'
    | 'setBlocked'
    | 'readBlocked'
    | 'readPush'
    | 'setPush'
    | 'testPush'
    | 'readFilesHere'
    | 'readChatsHere'
    | 'makeCarry'
    | 'readCarry'
    | 'openCarry'
    | 'wipe'
  >
>

export type FakeEngine = EngineClient & {
  readonly calls: readonly Call[]
  of(name: string): readonly unknown[]
  showApp(view: AppView): void
}

type Note = <A, R>(name: string, answer: (argument: A) => Promise<R>) => (argument: A) => Promise<R>
type PeopleCommand =
  | 'askToTalk'
  | 'acceptRequest'
  | 'ignoreRequest'
  | 'setBlocked'
  | 'readBlocked'
  | 'clearHistory'
  | 'dismissAlarm'
  | 'setFace'
  | 'readFaces'

const peopleCommands = (note: Note, answers: Answers): Pick<EngineClient, PeopleCommand> => ({
  askToTalk: note('askToTalk', answers.askToTalk ?? (() => Promise.resolve({ kind: 'created', conversation: CHAT, alias: ALIAS }))),
  acceptRequest: note(
    'acceptRequest',
    answers.acceptRequest ?? (() => Promise.resolve({ kind: 'opened', conversation: CHAT, alias: ALIAS })),
  ),
  ignoreRequest: note('ignoreRequest', () => Promise.resolve()),
  setBlocked: note('setBlocked', answers.setBlocked ?? (() => Promise.resolve({ kind: 'saved' }))),
  readBlocked: note('readBlocked', answers.readBlocked ?? (() => Promise.resolve([]))),
  clearHistory: note('clearHistory', () => Promise.resolve()),
  dismissAlarm: note('dismissAlarm', () => Promise.resolve()),
  setFace: note('setFace', () => Promise.resolve({ kind: 'saved' })),
  readFaces: note('readFaces', () => Promise.resolve([])),
})

const livingCommands = (
  note: Note,
): Pick<EngineClient, 'makeLiving' | 'changeLiving' | 'readLiving' | 'leaveOut' | 'schedule' | 'readScheduled' | 'unschedule'> => ({
  makeLiving: note('makeLiving', ({ ref }) => Promise.resolve({ kind: 'saved', message: entry(ref) })),
  changeLiving: note('changeLiving', () => Promise.resolve({ kind: 'saved' })),
  readLiving: note('readLiving', () => Promise.resolve({ living: undefined })),
  leaveOut: note('leaveOut', () => Promise.resolve()),
  schedule: note('schedule', ({ ref }) => Promise.resolve({ kind: 'saved', message: entry(ref) })),
  readScheduled: note('readScheduled', () => Promise.resolve([])),
  unschedule: note('unschedule', () => Promise.resolve({ kind: 'saved' })),
})

const fileCommands = (
  note: Note,
  answers: Answers,
): Pick<EngineClient, 'readFile' | 'fetchFile' | 'voiceDraft' | 'readFilesHere' | 'readChatsHere' | 'removeFiles'> => ({
  readFile: note('readFile', () => Promise.resolve({ kind: 'refused' as const, reason: 'unknown' as const })),
  fetchFile: note('fetchFile', () => Promise.resolve()),
  voiceDraft: note('voiceDraft', () => Promise.resolve({ draft: undefined })),
  readFilesHere: note('readFilesHere', answers.readFilesHere ?? (() => Promise.resolve({ files: [], count: 0, bytes: 0 }))),
  readChatsHere: note('readChatsHere', answers.readChatsHere ?? (() => Promise.resolve({ chats: [] }))),
  removeFiles: note('removeFiles', ({ files }) => Promise.resolve(files.length)),
})

const groupCommands = (note: Note) => {
  return {
    createGroup: note('createGroup', () => Promise.resolve({ kind: 'created' as const, conversation: CHAT, alias: ALIAS })),
    addMembers: note('addMembers', saved),
    removeMember: note('removeMember', saved),
    setRole: note('setRole', saved),
    leaveGroup: note('leaveGroup', saved),
    setGroupHistory: note('setGroupHistory', saved),
    openGroupLink: note('openGroupLink', saved),
    closeGroupLink: note('closeGroupLink', saved),
    joinGroup: note('joinGroup', saved),
  }
}

const carryCommands = (note: Note, answers: Answers): Pick<EngineClient, 'makeCarry' | 'readCarry' | 'openCarry'> => ({
  makeCarry: note('makeCarry', answers.makeCarry ?? (() => Promise.resolve({ kind: 'ready', carry: 'file', devices: 1 }))),
  readCarry: note('readCarry', answers.readCarry ?? (() => Promise.resolve({ kind: 'bytes', bytes: new Uint8Array(3), isLast: true }))),
  openCarry: note('openCarry', answers.openCarry ?? (() => Promise.resolve({ kind: 'more' }))),
})

type HandleCommand = 'readHandle' | 'setHandle' | 'findHandle' | 'sayHello'
const handleCommands = (note: Note): Pick<EngineClient, HandleCommand> => ({
  readHandle: note('readHandle', () => Promise.resolve({})),
  setHandle: note('setHandle', () => Promise.resolve({ kind: 'saved' })),
  findHandle: note('findHandle', ({ text }) => Promise.resolve({ kind: 'found', handles: [text] })),
  sayHello: note('sayHello', () => Promise.resolve({ kind: 'created', conversation: CHAT, alias: ALIAS })),
})
const besides = (note: Note, answers: Answers) => ({ ...carryCommands(note, answers), ...handleCommands(note) })

const nothing = () => () => undefined
const saved = () => Promise.resolve({ kind: 'saved' } as const)

/** Notes every command; says yes to all of them unless `answers` says otherwise. */
export const createFakeEngine = (answers: Answers = {}): FakeEngine => {
  const calls: Call[] = []
  const apps = new Set<(view: AppView) => void>()
  const note =
    <A, R>(name: string, answer: (argument: A) => Promise<R>) =>
    (argument: A) => {
      calls.push({ name, argument })
      return answer(argument)
    }
  const done = (name: string) => note<unknown, void>(name, () => Promise.resolve())
  const saved = () => Promise.resolve({ kind: 'saved' } as const)
  return {
    calls,
    of: (name) => calls.filter((call) => call.name === name).map((call) => call.argument),
    showApp: (view) => apps.forEach((show) => show(view)),
    createConversation: note(
      'createConversation',
      answers.createConversation ?? (() => Promise.resolve({ kind: 'created', conversation: CHAT, alias: ALIAS })),
    ),
    openInvite: note('openInvite', answers.openInvite ?? (() => Promise.resolve({ kind: 'opened', conversation: CHAT, alias: ALIAS }))),
    send: note('send', answers.send ?? (({ ref }) => Promise.resolve({ kind: 'saved', message: entry(ref) }))),
    react: note('react', saved),
    edit: note('edit', saved),
    pin: note('pin', saved),
    star: note('star', saved),
    forward: note('forward', () => Promise.resolve({ kind: 'forwarded' as const })),
    readStars: note('readStars', answers.readStars ?? (() => Promise.resolve({ stars: [], hasMore: false }))),
    setChatFlags: done('setChatFlags'),
    deleteMessage: note('deleteMessage', saved),
    forgetMessage: note('forgetMessage', saved),
    sendFiles: note('sendFiles', ({ ref }) => Promise.resolve({ kind: 'saved' as const, message: entry(ref) })),
    ...livingCommands(note),
    ...fileCommands(note, answers),
    readHistory: note('readHistory', () => Promise.resolve([])),
    search: note('search', () => Promise.resolve({ kind: 'found' as const, hits: [], next: undefined, isWhole: true })),
    readFirstChats: note('readFirstChats', () => new Promise<never>(() => undefined)),
    saveDraft: note('saveDraft', answers.saveDraft ?? (() => Promise.resolve({ kind: 'kept' as const }))),
    claimInvite: done('claimInvite'),
    markRead: done('markRead'),
    revokeInvite: done('revokeInvite'),
    markShared: done('markShared'),
    removeConversation: done('removeConversation'),
    setName: done('setName'),
    setPetname: done('setPetname'),
    setVerified: done('setVerified'),
    ...peopleCommands(note, answers),
    ...besides(note, answers),
    setTitle: note('setTitle', saved),
    setTimer: note('setTimer', saved),
    ...groupCommands(note),
    linkDevice: done('linkDevice'),
    revokeDevice: note('revokeDevice', saved),
    readAlone: note('readAlone', () => Promise.resolve({ entries: 0, chats: 0, isKnown: true, others: 0 })),
    setSettings: done('setSettings'),
    tellPresence: done('tellPresence'),
    readSeen: note('readSeen', () => Promise.resolve({ seen: undefined })),
    readPush: note('readPush', answers.readPush ?? (() => Promise.resolve({ endpoint: undefined, key: 'none-here' as const }))),
    setPush: note('setPush', answers.setPush ?? saved),
    testPush: note('testPush', answers.testPush ?? (() => Promise.resolve({ kind: 'sent' as const }))),
    retry: () => Promise.resolve(),
    begun: Promise.resolve(),
    wipe: answers.wipe ?? (() => Promise.resolve()),
    close: () => undefined,
    watchApp(show) {
      apps.add(show)
      return () => void apps.delete(show)
    },
    watchConversations: nothing,
    watchFiles: nothing,
    watchDevices: nothing,
    watchAlarms: nothing,
    watchMembers: nothing,
    watchPresence: nothing,
    watchConversation: () => ({ move: () => undefined, stop: () => undefined }),
    watchStatus(show) {
      show({ kind: 'ready' })
      return () => undefined
    },
  }
}

export const appView = (changes: Partial<AppView> = {}): AppView => ({
  account: ME,
  name: undefined,
  relay: { url: 'wss://chat.example.org', state: 'online', since: 0 },
  network: 'online',
  settings: { theme: 'system', language: 'system', readReceipts: true, enterSends: true, presence: true, typing: true },
  wentOut: 0,
  ...changes,
})

export const summary = (changes: Partial<ConversationSummary> = {}): ConversationSummary => ({
  id: CHAT,
  kind: 'pair',
  role: undefined,
  alias: ALIAS,
  name: 'Ana',
  title: undefined,
  peer: ANA,
  phase: 'open',
  link: undefined,
  last: undefined,
  unread: 0,
  draft: undefined,
  time: 0,
  ...changes,
})

export const conversationView = (changes: Partial<ConversationView> = {}): ConversationView => ({
  summary: summary(),
  route: 'relay',
  petname: undefined,
  ownName: undefined,
  safetyNumber: undefined,
  isVerified: false,
  title: undefined,
  timer: 0,
  invite: undefined,
  anchor: { kind: 'end' },
  messages: [],
  hasOlder: false,
  hasNewer: false,
  unreadFrom: undefined,
  waiting: undefined,
  lastHeard: undefined,
  draft: undefined,
  ...changes,
})

type TextMessage = Extract<MessageView, { kind: 'text' }>

export const message = (name: string, changes: Partial<TextMessage> = {}): TextMessage => ({
  kind: 'text',
  id: entry(name),
  mine: false,
  text: name,
  time: 0,
  state: 'read',
  conflict: false,
  ...changes,
})

export type Mounted<T> = { readonly result: T; readonly app: App; readonly place: HTMLElement }

const mountWith = (component: Component, engine: EngineClient): { app: App; place: HTMLElement } => {
  const place = document.createElement('div')
  document.body.append(place)
  const app = createApp(component).use(createPinia()).provide(engineKey, engine)
  app.mount(place)
  return { app, place }
}

export type TypedField = Omit<Mounted<never>, 'result'> & {
  readonly field: HTMLTextAreaElement
  readonly type: (text: string) => void
  readonly press: (key: string, init?: KeyboardEventInit & { readonly keyCode?: number }, target?: EventTarget) => KeyboardEvent
  readonly paste: (text: string, types?: readonly string[]) => ClipboardEvent
}

/** A component with one text box, the engine's first view shown, and ways to write into the box. */
export const renderField = (component: Component, props: Readonly<Record<string, unknown>>, engine: FakeEngine): TypedField => {
  const { place, app } = render(component, props, engine)
  engine.showApp(appView())
  const field = place.querySelector('textarea')
  if (field === null) throw new Error('no field')
  return {
    place,
    app,
    field,
    type(text) {
      field.value = text
      field.dispatchEvent(new Event('input'))
    },
    press(key, init = {}, target = field) {
      const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init })
      if (init.keyCode !== undefined) Object.defineProperty(event, 'keyCode', { value: init.keyCode })
      target.dispatchEvent(event)
      return event
    },
    paste(text, types = ['text/plain']) {
      const event = new Event('paste', { bubbles: true, cancelable: true }) as ClipboardEvent
      Object.defineProperty(event, 'clipboardData', { value: { types, getData: () => text } })
      field.dispatchEvent(event)
      return event
    },
  }
}

/** Runs a composable inside a component, with an engine and stores. */
export const withSetup = <T>(setup: () => T, engine: EngineClient = createFakeEngine()): Mounted<T> => {
  const results: T[] = []
  const { app, place } = mountWith(
    defineComponent(() => {
      results.push(setup())
      return () => h('div')
    }),
    engine,
  )
  const [result] = results
  if (result === undefined) throw new Error('the composable did not run')
  return { result, app, place }
}

/** Renders one component with its props, with an engine and stores. */
export const render = (
  component: Component,
  props: Record<string, unknown>,
  engine: EngineClient = createFakeEngine(),
): Omit<Mounted<never>, 'result'> => mountWith({ render: () => h(component, props) }, engine)
