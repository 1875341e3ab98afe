// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import { ALIAS, CHAT, summary } from '../testing/index.ts'
import { createNavigation } from './useNavigation.ts'
import type { Route } from './route.ts'

const CHAT_ROUTE: Route = { kind: 'conversation', id: CHAT, beside: 'nothing' }
let pop: () => void
/** A page of its own, so that no other one in this file hears of its history. */
const at = (address: string) => {
  window.history.replaceState(null, '', address)
  const { location, history } = window
  return createNavigation({
    location,
    history,
    localStorage,
    addEventListener: (_: string, on: () => void) => (pop = on),
  } as unknown as Window)
}
const address = (): string => `${window.location.pathname}${window.location.hash}`

beforeEach(() => localStorage.clear())

describe('a page that opens', () => {
  it('at a chat shows it once the list has said which one that is', () => {
    const { route, learn } = at(`/chat#c-${ALIAS}`)
    expect(route.value.kind).toBe('finding')
    learn([summary()])
    expect(route.value).toEqual(CHAT_ROUTE)
    expect(address()).toBe(`/chat#c-${ALIAS}`)
  })

  it('at a chat that is gone, or was never there, shows the list', () => {
    const { route, learn } = at('/chat#c-ZZZZZZZZZZZ')
    learn([summary()])
    expect([route.value.kind, address()]).toEqual(['list', '/'])
  })

  it('at a chat that is not among the first waits until all are known', () => {
    const { route, learn, sought } = at('/chat#c-ZZZZZZZZZZZ')
    expect(sought()).toBe('ZZZZZZZZZZZ')
    learn([summary()], false)
    expect(route.value.kind).toBe('finding')
    learn([summary()])
    expect(route.value.kind).toBe('list')
  })

  it('at no chat in particular shows the one that was open last', () => {
    const before = at('/')
    before.learn([summary()])
    before.open(CHAT_ROUTE)
    const { route, learn, lastOpened } = at('/chat/details')
    learn([summary()])
    expect(route.value).toEqual({ ...CHAT_ROUTE, beside: 'details' })
    expect(lastOpened()).toBe(CHAT)
    expect(at('/').sought()).toBe(ALIAS)
  })

  it('at an address of an earlier version leaves the id in none of its own', () => {
    const { route, learn } = at(`/c/${CHAT}`)
    expect([route.value, address()], 'no reload may ask the server for it, though the list is late').toEqual([CHAT_ROUTE, '/chat'])
    learn([summary()])
    expect(address()).toBe(`/chat#c-${ALIAS}`)
    expect(JSON.stringify(window.history.state)).not.toContain(CHAT)
  })

  it('at what only looks like such an address does not keep it either, but what stands behind it', () => {
    for (const path of ['/c/short', `/c/${CHAT.toUpperCase()}`, `/c/${CHAT}/other`]) {
      at(`${path}?a=b#i/AQ`)
      expect(window.location.href).toBe(`${window.location.origin}/?a=b#i/AQ`)
    }
  })

  it('whose browser keeps nothing for it works all the same', () => {
    const denied = { location: window.location, history: window.history, addEventListener: () => undefined } as unknown as Window
    Object.defineProperty(denied, 'localStorage', {
      get: () => {
        throw new DOMException('denied', 'SecurityError')
      },
    })
    const { open, learn, lastOpened, route } = createNavigation(denied)
    learn([summary()])
    open(CHAT_ROUTE)
    expect([route.value, lastOpened()], 'the newest, for want of the last').toEqual([CHAT_ROUTE, CHAT])
  })
})

describe('a chat that was just made', () => {
  it('is named in each entry of the history from the start, and still known when the list comes late', () => {
    const { expect: expectMade, open, learn, route } = at('/')
    expectMade({ id: CHAT, alias: ALIAS })
    open(CHAT_ROUTE)
    expect(address()).toBe(`/chat#c-${ALIAS}`)
    open({ ...CHAT_ROUTE, beside: 'invite' })
    expect(window.history.state).toEqual({ from: `/chat#c-${ALIAS}` })
    learn([])
    window.history.replaceState({ from: '/' }, '', `/chat#c-${ALIAS}`)
    pop()
    expect(route.value).toEqual(CHAT_ROUTE)
  })

  it('gets its place in the address as soon as the list knows it', () => {
    const { open, learn, route } = at('/')
    open(CHAT_ROUTE)
    expect(address()).toBe('/chat')
    learn([summary()])
    expect([address(), route.value]).toEqual([`/chat#c-${ALIAS}`, CHAT_ROUTE])
  })
})

describe('going back', () => {
  it('takes one pane off, and leaves ids out of the history’s state', () => {
    const { open, up, learn, route } = at('/')
    learn([summary()])
    open(CHAT_ROUTE)
    open({ ...CHAT_ROUTE, beside: 'details' })
    expect(JSON.stringify(window.history.state)).not.toContain(CHAT)
    window.history.replaceState(null, '', address())
    up()
    expect(route.value).toEqual(CHAT_ROUTE)
    up()
    expect(route.value).toEqual({ kind: 'list' })
  })

  it('to a place within the page leaves the chat open', () => {
    const { open, learn, route } = at('/')
    learn([summary()])
    open(CHAT_ROUTE)
    window.history.pushState(null, '', '/chat#composer')
    pop()
    expect(route.value).toEqual(CHAT_ROUTE)
  })

  it('to an address of an earlier version leaves no id in it', () => {
    const { learn, route } = at('/')
    learn([summary()])
    window.history.pushState(null, '', `/c/${CHAT}`)
    pop()
    expect([route.value, address()]).toEqual([CHAT_ROUTE, `/chat#c-${ALIAS}`])
  })

  it('to a chat that was removed leads to the list', () => {
    const { open, learn, route } = at('/')
    learn([summary()])
    open(CHAT_ROUTE)
    learn([])
    pop()
    expect([route.value.kind, address()]).toEqual(['list', '/'])
  })

  it('leaves an invite link in the address to whoever opens it, and out of the history’s state', () => {
    const { open, route } = at('/')
    window.history.pushState(null, '', '/#i/AQx7')
    pop()
    expect([route.value.kind, address()]).toEqual(['list', '/#i/AQx7'])
    open({ kind: 'settings' })
    expect(JSON.stringify(window.history.state)).not.toContain('AQx7')
  })
})
