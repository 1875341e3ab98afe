import { describe, expect, it } from 'vitest'
import { ALIAS, CHAT } from '../testing/index.ts'
import { isPlaceInPage, parentOf, parseAddress, toAddress } from './route.ts'
import type { Aliases, Route } from './route.ts'

const KNOWN: Aliases = { aliasOf: (id) => (id === CHAT ? ALIAS : undefined), idOf: (alias) => (alias === ALIAS ? CHAT : undefined) }
const NOTHING_KNOWN: Aliases = { aliasOf: () => undefined, idOf: () => undefined }

const ROUTES: readonly Route[] = [
  { kind: 'list' },
  { kind: 'settings' },
  { kind: 'conversation', id: CHAT, beside: 'nothing' },
  { kind: 'conversation', id: CHAT, beside: 'details' },
  { kind: 'conversation', id: CHAT, beside: 'invite' },
]
const parse = (address: string, aliases: Aliases = KNOWN): Route => parseAddress(new URL(address, 'https://chat.example.org'), aliases)

describe('addresses', () => {
  it.each(ROUTES)('lead back to where they came from: $kind $beside', (route) => {
    expect(parse(toAddress(route, KNOWN))).toEqual(route)
  })

  it('tell a server which pane is in front, and nothing that is the same for anybody else', () => {
    for (const route of ROUTES) {
      const { pathname, search } = new URL(toAddress(route, KNOWN), 'https://chat.example.org')
      expect(`${pathname}${search}`).toMatch(/^\/(?:settings|chat(?:\/(?:details|invite))?)?$/)
      expect(toAddress(route, KNOWN)).not.toContain(CHAT)
      expect(toAddress(route, NOTHING_KNOWN)).not.toContain(CHAT)
    }
  })

  it('wait for the list to say which chat they mean', () => {
    expect(parse(`/chat/details#c-${ALIAS}`, NOTHING_KNOWN)).toEqual({ kind: 'finding', alias: ALIAS, beside: 'details' })
    expect(parse('/chat')).toEqual({ kind: 'finding', alias: undefined, beside: 'nothing' })
    expect(parse('/chat#c-tooshort')).toEqual({ kind: 'finding', alias: undefined, beside: 'nothing' })
  })

  it('of earlier versions still lead to their chat', () => {
    expect(parse(`/c/${CHAT}/details`)).toEqual({ kind: 'conversation', id: CHAT, beside: 'nothing' })
  })

  it('that mean nothing lead to the list', () => {
    for (const path of ['/c/short', `/c/${CHAT}/other`, `/c/${CHAT.toUpperCase()}`, '/chat/other', '/chats', '//x', '/settings/x'])
      expect(parse(path)).toEqual({ kind: 'list' })
  })

  it('may name a place within the page, which is no part of the route', () => {
    expect(isPlaceInPage('#composer')).toBe(true)
    for (const hash of ['', `#c-${ALIAS}`, '#i/AQx7', '#i%2FAQx7', '#c-abcdefghijk']) expect(isPlaceInPage(hash)).toBe(false)
  })

  it('go up one pane at a time', () => {
    expect(parentOf({ kind: 'conversation', id: CHAT, beside: 'invite' })).toEqual({ kind: 'conversation', id: CHAT, beside: 'nothing' })
    expect(parentOf({ kind: 'conversation', id: CHAT, beside: 'nothing' })).toEqual({ kind: 'list' })
    expect(parentOf({ kind: 'finding', alias: ALIAS, beside: 'details' })).toEqual({ kind: 'finding', alias: ALIAS, beside: 'nothing' })
    expect(parentOf({ kind: 'settings' })).toEqual({ kind: 'list' })
  })
})
