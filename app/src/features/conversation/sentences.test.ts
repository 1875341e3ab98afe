import { describe, expect, it } from 'vitest'
import type { WaitReason } from '@kith/protocol'
import { ANA, appView, conversationView, entry, message, summary } from '../testing/index.ts'
import { routeWords } from '../route-words.ts'
import { words } from '../words.ts'
import { toRouteSentence } from './route-sentence.ts'
import { toSubtitle, toLineSentence, toWaitLine, toWaitReason, toWaitSentence } from './sentences.ts'

const NOW = new Date(2026, 5, 11, 12).getTime()
const OFFLINE = appView({ network: 'offline' })

describe('why a message waits', () => {
  it('is what the engine says', () => {
    expect(toWaitReason(conversationView({ waiting: { reason: 'relay-full', since: 0 } }), appView())).toBe('relay-full')
  })

  it('is said at once when there is no network and something is only saved here', () => {
    const messages = [message('a', { mine: true, state: 'saved' })]
    expect(toWaitReason(conversationView({ messages }), OFFLINE)).toBe('no-network')
    expect(toWaitReason(conversationView({ messages }), appView())).toBeUndefined()
    expect(toWaitReason(conversationView({ messages: [message('a', { mine: true, state: 'relay' })] }), OFFLINE)).toBeUndefined()
  })

  it('is that the link lets nobody in, and why, whatever else is true', () => {
    const late = conversationView({ isTooLate: true, waiting: { reason: 'peer-away', since: 0 } })
    expect(toWaitLine(late, OFFLINE, 'Ana', NOW)).toEqual({ text: words.chat.late.unknown, name: 'Ana' })
    for (const lateReason of ['used', 'revoked', 'expired', 'claimed'] as const) {
      expect(toWaitLine({ ...late, lateReason }, appView(), 'Ana', NOW)).toEqual({ text: words.chat.late[lateReason], name: 'Ana' })
      expect(toWaitLine({ ...late, lateReason }, appView(), undefined, NOW)?.text).toBe(words.chat.lateNobody[lateReason])
    }
    expect(toWaitLine(conversationView(), appView(), 'Ana', NOW)).toBeUndefined()
    expect(toSubtitle(conversationView({ isTooLate: true, summary: summary({ phase: 'joining' }) }), NOW).text).toBe(
      words.chat.notDelivered,
    )
    const read = conversationView({ isTooLate: true, summary: summary({ phase: 'invited' }) })
    expect(toSubtitle({ ...read, lateReason: 'claimed' }, NOW).text).toBe(words.chat.openedElsewhere)
    expect(toSubtitle({ ...read, lateReason: 'revoked' }, NOW).text).toBe(words.chat.linkOver)
  })

  it('blames somebody else only when somebody else was let in', () => {
    for (const reason of ['revoked', 'expired', 'unknown'] as const)
      for (const sentences of [words.chat.late, words.chat.lateNobody]) expect(sentences[reason]).not.toContain('Someone else')
    for (const reason of ['revoked', 'expired'] as const) expect(words.refused[reason].title).not.toContain('used')
  })

  it('is never that somebody is away while they are connected directly', () => {
    const waiting = { reason: 'peer-away', since: 0 } as const
    expect(toWaitLine(conversationView({ waiting, route: 'relay' }), appView(), 'Ana', NOW)?.text).toBe(words.wait['peer-away'])
    expect(toWaitLine(conversationView({ waiting, route: 'relay' }), appView(), undefined, NOW)?.text).toBe(words.wait['peer-away-nobody'])
    expect(toWaitLine(conversationView({ waiting, route: 'direct' }), appView(), 'Ana', NOW)).toBeUndefined()
  })

  it('is what the worst off of them waits for', () => {
    const messages = [message('a', { mine: true, state: 'relay', time: 1 }), message('b', { mine: true, state: 'saved', time: NOW })]
    const away = appView({ relay: { url: 'wss://chat.example.org', state: 'away', since: 0 } })
    const view = conversationView({ messages, route: 'offline', waiting: { reason: 'peer-away', since: 1 } })
    expect(toWaitReason(view, appView())).toBe('peer-away')
    expect(toWaitReason(view, OFFLINE)).toBe('no-network')
    expect(toWaitLine(view, away, 'Ana', NOW)).toEqual(toWaitSentence('relay-away', NOW, 'Ana', NOW))
  })

  it('has a sentence for every reason, which leaves no place unfilled but the name', () => {
    for (const reason of Object.keys(words.wait).filter((key): key is WaitReason => key !== 'peer-away-nobody')) {
      expect(toWaitSentence(reason, NOW, 'Ana', NOW).text.replace('{name}', '')).not.toContain('{')
    }
  })
})

describe('the line below a name', () => {
  const view = conversationView
  it('says that nobody came, or that nobody can come any more', () => {
    const inviting = summary({ phase: 'inviting', name: undefined, peer: undefined })
    expect(toSubtitle(view({ summary: inviting }), NOW).text).toBe(words.chat.nobodyYet)
    const invite = { link: '', expires: 0, state: 'revoked' } as const
    expect(toSubtitle(view({ summary: inviting, invite }), NOW).text).toBe(words.chat.linkOver)
  })

  it('says whether they are here, or when they were', () => {
    expect(toSubtitle(view(), NOW, { isHere: true, seen: NOW }).text).toBe(words.chat.here)
    expect(toSubtitle(view(), NOW, { isHere: false, seen: NOW }).text).toMatch(/^Last here at /)
    expect(toSubtitle(view(), NOW, { isHere: false, seen: undefined }).text).toBe(words.chat.justTwo)
    expect(toSubtitle(view({ route: 'direct', lastHeard: NOW }), NOW).text, 'nothing is told by the connection').toBe(words.chat.justTwo)
  })

  it('keeps that when the chat has a title, in front of it', () => {
    expect(toSubtitle(view({ title: 'Beans' }), NOW, { isHere: true, seen: NOW })).toEqual({ text: 'Here now · {name}', name: 'Beans' })
    expect(toSubtitle(view({ title: 'Beans' }), NOW, { isHere: false, seen: NOW }).text).toMatch(/^Last here at .* · \{name\}$/)
    expect(toSubtitle(view({ title: 'Beans' }), NOW)).toEqual({ text: '{name}', name: 'Beans' })
    expect(toSubtitle(view({ title: '' }), NOW, { isHere: true, seen: NOW }).text).toBe(words.chat.here)
  })
})

describe('a system line', () => {
  it('names who did what', () => {
    const line = { kind: 'system', id: entry('s'), event: 'named', mine: false, name: 'Ana', time: 0 } as const
    expect(toLineSentence(line, 'Somebody')).toEqual({ text: words.system.named, name: 'Ana' })
    expect(toLineSentence({ ...line, event: 'joined', name: undefined }, 'Somebody').name).toBe('Somebody')
    expect(toLineSentence({ ...line, event: 'titled', name: undefined }, 'Ana').text).toBe(words.system.untitled)
  })
})

describe('the line of a message that cannot be read', () => {
  const line = { kind: 'unreadable', id: entry('u'), why: 'broken', mine: false, time: 0 } as const
  it('says why, and what happens next', () => {
    expect(toLineSentence(line, 'Ben')).toEqual({ text: words.system.broken, name: 'Ben' })
    expect(toLineSentence({ ...line, why: 'newer' }, 'Ben').text).toBe('This message needs a newer version of Kith. Reload to get it.')
    expect(toLineSentence({ ...line, mine: true }, 'Ben').text).toBe(words.system.brokenMine)
  })
})

it('a message that was deleted says so, whoever wrote it', () => {
  for (const mine of [true, false])
    expect(toLineSentence({ kind: 'deleted', id: entry('d'), mine, time: 0 }, 'Ben').text).toBe('Message deleted')
})

describe('the sentence about the route', () => {
  it('tells own trouble from the other side being away', () => {
    const offline = conversationView({ route: 'offline' })
    expect(toRouteSentence(offline, appView(), 'Ana').text).toBe(routeWords.offlineAway)
    expect(toRouteSentence(offline, appView({ network: 'offline' }), 'Ana').text).toBe(routeWords.offlineHere)
    expect(toRouteSentence(conversationView({ route: 'direct' }), appView(), 'Ana').text).toBe(routeWords.directLong)
  })

  it('does not promise that messages go out by themselves where a relay has lost its key', () => {
    for (const reason of ['relay-gone', 'their-relay-gone'] as const) {
      const text = toRouteSentence(conversationView({ route: 'offline', waiting: { reason, since: 0 } }), appView(), 'Ana').text
      expect(text).toBe(words.wait[reason])
      expect(text).not.toContain('by itself')
    }
    const direct = conversationView({ route: 'direct', waiting: { reason: 'their-relay-gone', since: 0 } })
    expect(toRouteSentence(direct, appView(), 'Ana').text).toBe(routeWords.directLong)
  })

  it('names what is down and what works nevertheless', () => {
    const away = appView({ relay: { url: 'wss://chat.example.org', state: 'away', since: 0 } })
    const offline = conversationView({ route: 'offline' })
    expect(toRouteSentence(offline, away, 'Ana').text).toBe(routeWords.offlineRelay)
    expect(routeWords.offlineRelay).toMatch(/relay isn’t answering.*network is fine/)
    expect(toRouteSentence(conversationView({ route: 'direct' }), away, 'Ana').text).toBe(routeWords.directOnly)
    const connecting = appView({ relay: { url: 'wss://chat.example.org', state: 'connecting', since: 0 } })
    expect(toRouteSentence(offline, connecting, 'Ana').text).toBe(routeWords.connecting)
    expect(toRouteSentence(offline, appView({ relay: undefined }), 'Ana').text).toBe(routeWords.connecting)
  })
})

it('a timer names who set it: oneself, the other one, or a member by the name that they have here', () => {
  const line = { kind: 'system', id: entry('t'), event: 'timed', name: undefined, time: 0 } as const
  expect(toLineSentence({ ...line, mine: true, seconds: 300 }, 'Ana').text).toContain('You set')
  expect(toLineSentence({ ...line, mine: false, seconds: 0 }, 'Ana')).toEqual({ text: words.system.untimed, name: 'Ana' })
  const author = { account: ANA, name: 'My friend Ana', mine: false }
  expect(toLineSentence({ ...line, mine: false, seconds: 0, author }, words.somebody).name).toBe('My friend Ana')
  expect(toLineSentence({ ...line, mine: false, seconds: 0, author: { ...author, name: undefined } }, 'the group').name).not.toBe(
    'the group',
  )
})
