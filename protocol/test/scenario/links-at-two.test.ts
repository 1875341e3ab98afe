// Links whose packets lie at two relays: one of them may go, whoever opens the link is let in all the same, and once. What a relay, a list or somebody
// with the link may try with that.

import { describe, expect, test } from 'vitest'
import { toHex } from '../../src/bytes/bytes.ts'
import { parseInviteLink } from '../../src/invite/link.ts'
import { packetRecordId, secondLinkOf } from '../../src/invite/secrets.ts'
import { INVITE_MS_MAX } from '../../src/limits.ts'
import { bothOf } from '../../src/node/mailboxes/both.ts'
import { nodeOn } from '../simulation/disk.ts'
import { createStage, invite, MINUTE_MS, open, revive, say, texts, ticks, view } from './stage.ts'
import type { Link } from '../../src/invite/link.ts'
import type { Inbox } from '../../src/node/mailboxes/inbox.ts'
import type { RelayRequest } from '../../src/wire/relay.ts'
import type { Person } from '../simulation/person.ts'
import type { Push, RelayPath } from '../simulation/relay-path.ts'
import type { Stage } from './stage.ts'

const SECOND = 'ws://127.0.0.1:2'
const THIRD = 'ws://127.0.0.1:3'

function linkIn(text: string): Link {
  const parsing = parseInviteLink(text)
  if (parsing.kind !== 'parsed') throw new Error(parsing.reason)
  return parsing.link
}

const keyOf = (relay: RelayPath): string => toHex(relay.address().key)

/** Alice's link, the relay that it names, and the other one at which its packet lies. */
async function invited(also: readonly string[] = [SECOND]) {
  const stage = createStage('mailbox', 1, also)
  const alice = await stage.enter('alice')
  const made = await invite(stage, alice, 'welcome')
  const named = toHex(linkIn(made.link).relay.key)
  const copy = toHex(inviteOf(alice, made.id).copy?.relay.key ?? new Uint8Array())
  return { stage, alice, ...made, first: pathOf(stage, named), second: pathOf(stage, copy) }
}

function pathOf({ network }: Stage, key: string): RelayPath {
  const path = network.relays.find((relay) => keyOf(relay) === key)
  if (path === undefined) throw new Error('no such relay')
  return path
}

function inviteOf(person: Person, id: Parameters<typeof view>[2]) {
  const own = nodeOn(person.disk()).conversations.get(id)?.invite
  if (own === undefined) throw new Error('no invite')
  return own
}

/** What this relay is asked for from now on. */
function asksOf(relay: RelayPath): readonly RelayRequest[] {
  const asked: RelayRequest[] = []
  relay.refuse = (request) => (asked.push(request), undefined)
  return asked
}

const tryIt = (stage: Stage, person: Person, link: string) => stage.done(person.engine().openInvite({ link }))

describe('an invite at two relays', () => {
  test('is opened and answered though the relay that its link names is gone', async () => {
    const { stage, alice, id, link, first } = await invited()
    const bob = await stage.enter('bob')
    first.perish()
    const since = stage.scheduler.now()
    expect(await open(stage, bob, link)).toBe(id)
    expect(stage.scheduler.now() - since).toBeLessThan(5_000)
    await say(stage, bob, id, 'hello')
    await stage.pass(15_000)
    expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
    await say(stage, alice, id, 'and you are in')
    await stage.pass(15_000)
    expect(await texts(stage, bob, id)).toEqual(['welcome', 'hello', 'and you are in'])
    expect(await ticks(stage, bob, id)).toMatchObject({ hello: 'delivered' })
  })

  test('is asked for at no other relay while the first is there', async () => {
    const { stage, id, link, second } = await invited()
    const bob = await stage.enter('bob')
    await stage.pass(MINUTE_MS)
    const asked = asksOf(second)
    expect(await open(stage, bob, link)).toBe(id)
    await stage.pass(MINUTE_MS)
    expect(asked.filter(({ kind }) => kind === 'get-record' || kind === 'claim-record')).toEqual([])
  })

  test('is answered at the other relay where the first goes after the link was opened', async () => {
    const { stage, alice, id, link, first } = await invited()
    const bob = await stage.enter('bob')
    await open(stage, bob, link)
    first.perish()
    await say(stage, bob, id, 'hello')
    await stage.pass(15_000)
    expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
  })

  test('what its first relay had acknowledged of an answer comes again through the other', async () => {
    const { stage, alice, id, link, first } = await invited()
    const bob = await stage.enter('bob')
    alice.crash()
    await open(stage, bob, link)
    await say(stage, bob, id, 'hello')
    await stage.pass(5_000)
    expect(await ticks(stage, bob, id)).toMatchObject({ hello: 'relay' })
    first.perish()
    await stage.pass(15_000)
    await revive(stage, alice)
    await stage.pass(15_000)
    expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
    await say(stage, alice, id, 'got it')
    await stage.pass(15_000)
    expect(await texts(stage, bob, id)).toEqual(['welcome', 'hello', 'got it'])
  })

  test('is kept over a start of its maker, and of whoever has opened it', async () => {
    const { stage, alice, id, link, first } = await invited()
    const bob = await stage.enter('bob')
    await open(stage, bob, link)
    for (const person of [alice, bob]) {
      person.crash()
      await revive(stage, person)
    }
    first.perish()
    await say(stage, bob, id, 'hello')
    await stage.pass(15_000)
    expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
  })

  test('that nobody used has expired at both relays', async () => {
    const { stage, alice, link, first } = await invited()
    alice.crash()
    await stage.pass(INVITE_MS_MAX + MINUTE_MS)
    first.perish()
    expect(await tryIt(stage, await stage.enter('bob'), link)).toEqual({ kind: 'refused', reason: 'unreachable' })
    const there = await invited()
    there.alice.crash()
    await there.stage.pass(INVITE_MS_MAX + MINUTE_MS)
    expect(await tryIt(there.stage, await there.stage.enter('bob'), there.link)).toEqual({ kind: 'refused', reason: 'expired' })
  })

  test('that was taken back is so at the second relay too', async () => {
    const { stage, alice, id, link, first } = await invited()
    await stage.done(alice.engine().revokeInvite({ conversation: id }))
    await stage.pass(5_000)
    first.perish()
    expect(await tryIt(stage, await stage.enter('bob'), link)).toEqual({ kind: 'refused', reason: 'revoked' })
    expect(inviteOf(alice, id)).toMatchObject({ ends: undefined, copy: { ends: undefined } })
  })

  test('a conversation that is removed ends the record at both', async () => {
    const { stage, alice, id, link, first } = await invited()
    await stage.done(alice.engine().removeConversation({ conversation: id }))
    await stage.pass(5_000)
    first.perish()
    expect(await tryIt(stage, await stage.enter('bob'), link)).toEqual({ kind: 'refused', reason: 'revoked' })
  })
})

describe('a link at two relays', () => {
  test('opened at both at once lets one person in, and the other hears that it was used', async () => {
    const { stage, alice, id, link, first } = await invited()
    const [bob, carol] = [await stage.enter('bob'), await stage.enter('carol')]
    alice.crash()
    await open(stage, bob, link)
    await say(stage, bob, id, 'I am Bob')
    await stage.pass(3_000)
    // While that relay is away, its claim is unknown at the other one.
    first.restart(20_000, 'kept')
    await open(stage, carol, link)
    await say(stage, carol, id, 'I am Carol')
    await stage.pass(5_000)
    await revive(stage, alice)
    await stage.pass(2 * MINUTE_MS)
    const heard = await texts(stage, alice, id)
    expect([
      ['welcome', 'I am Bob'],
      ['welcome', 'I am Carol'],
    ]).toContainEqual(heard)
    const [late, inside] = heard.includes('I am Bob') ? [carol, bob] : [bob, carol]
    expect(await view(stage, late, id)).toMatchObject({ isTooLate: true })
    await say(stage, alice, id, 'for one')
    await stage.pass(MINUTE_MS)
    expect(await texts(stage, inside, id)).toContain('for one')
    expect(await texts(stage, late, id)).not.toContain('for one')
  })

  test('whose end a relay has not heard of is read there, and lets nobody in', async () => {
    const { stage, alice, id, link, first, second } = await invited()
    const bob = await stage.enter('bob')
    second.restart(30_000, 'kept')
    await stage.done(alice.engine().revokeInvite({ conversation: id }))
    await stage.pass(5_000)
    alice.crash()
    first.perish()
    await stage.pass(40_000)
    await open(stage, bob, link)
    await say(stage, bob, id, 'let me in')
    await stage.pass(5_000)
    await revive(stage, alice)
    await stage.pass(3 * MINUTE_MS)
    expect(await texts(stage, alice, id)).toEqual(['welcome'])
    expect(await view(stage, bob, id)).toMatchObject({ lateReason: 'revoked' })
  })

  test('opens nothing that a relay has from the first one, or of another invite, for the derived name', async () => {
    const { stage, alice, link, first, second } = await invited()
    const other = await invite(stage, alice, 'for somebody else')
    const bob = await stage.enter('bob')
    const answers = []
    for (const text of [link, other.link]) {
      const { token } = linkIn(text)
      answers.push(
        first.ledger.packetAt(packetRecordId(token)),
        second.ledger.packetAt(packetRecordId(secondLinkOf({ token, key: linkIn(text).key }, second.address()).token)),
      )
    }
    first.perish()
    const tryWith = (blob: Uint8Array | undefined) => {
      if (blob === undefined) throw new Error('no packet')
      second.forge = (asked, answer) => (asked.kind === 'get-record' ? { kind: 'record', serial: 1, expires: INVITE_MS_MAX, blob } : answer)
      return tryIt(stage, bob, link)
    }
    for (const wrong of [answers[0], answers[2], answers[3]]) expect(await tryWith(wrong)).toMatchObject({ kind: 'refused' })
    expect(await tryWith(answers[1])).toMatchObject({ kind: 'opened' })
  })

  test('is answered once, though the other relay brings the answer again', async () => {
    const { stage, alice, id, link, first, second } = await invited()
    const bob = await stage.enter('bob')
    const seen: Push[] = []
    const inbox: Inbox = inviteOf(alice, id).inbox
    first.tamper = (push) => {
      if (push.mailbox === inbox.keys.mailbox) seen.push(push)
      return [push]
    }
    await open(stage, bob, link)
    await say(stage, bob, id, 'hello')
    await stage.pass(MINUTE_MS)
    const [answer] = seen
    const there = bothOf(inbox)[1]?.keys.mailbox
    if (answer === undefined || there === undefined) throw new Error('nothing to replay')
    second.tamper = (push) => [{ ...push, mailbox: there, blob: answer.blob }, { ...push, blob: answer.blob }, push]
    first.perish()
    for (const text of ['one', 'two']) {
      await say(stage, bob, id, text)
      await stage.pass(15_000)
    }
    expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'one', 'two'])
    expect(inviteOf(alice, id)).toMatchObject({ status: 'used' })
  })

  test('tells a hostile relay on the list no name under which anything lies', async () => {
    const stage = createStage('mailbox', 1, [SECOND, THIRD])
    const [, , hostile] = stage.network.relays
    if (hostile === undefined) throw new Error('no third relay')
    stage.network.listed = () => stage.network.addresses.filter(({ url }) => url !== THIRD)
    const alice = await stage.enter('alice')
    const { id, link } = await invite(stage, alice, 'welcome')
    const { relay, token, key } = linkIn(link)
    const first = pathOf(stage, toHex(relay.key))
    stage.network.listed = () =>
      [relay, hostile.address()].map((named) => ({ ...named, url: named === relay ? first.address().url : THIRD }))
    const bob = await stage.enter('bob')
    first.perish()
    const asked = asksOf(hostile)
    expect(await tryIt(stage, bob, link)).toMatchObject({ kind: 'refused' })
    const names = asked.flatMap((request) => (request.kind === 'get-record' ? [request.record] : []))
    const second = inviteOf(alice, id).copy?.relay
    if (second === undefined) throw new Error('no second relay')
    expect(new Set(names)).toEqual(new Set([packetRecordId(secondLinkOf({ token, key }, hostile.address()).token)]))
    // With the right one on the list, the same link opens.
    stage.network.listed = () => stage.network.addresses
    expect(await tryIt(stage, bob, link)).toMatchObject({ kind: 'opened' })
    expect(names).not.toContain(packetRecordId(token))
    expect(names).not.toContain(packetRecordId(secondLinkOf({ token, key }, second).token))
  })
})
