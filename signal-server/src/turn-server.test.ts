// Credentials for a TURN server: how they are made, who gets them, and what an operator is told.

import { describe, expect, test } from 'vitest'
import { decode, DecodeError, encode, TURN_URLS_MAX, TURN_WORD_BYTES_MAX, turnCredentials as credentialsCodec } from '@kith/protocol'
import { bindMailbox, connectCore, connectSilently, createWorld, meet, openMailbox } from '../test/core-client.ts'
import { createMailboxKit } from '../test/mailbox-keys.ts'
import { TURN_RATE, TURN_SECONDS, TURN_SECRET_CHARS_MIN } from './limits.ts'
import { adviceOnTurn, createTurnIssuer, readTurn } from './turn-server.ts'

const URL = 'turn:turn.example.org:3478'
const SECRET = 'kith-turn-secret'
const NOW = 1_800_000_000_000
const turnCredentials = createTurnIssuer({ urls: [URL], secret: SECRET })

describe('credentials', () => {
  test('are those that OpenSSL makes of the same name and secret', () => {
    // printf %s 1800003600:0102030405060708090a0b0c | openssl dgst -sha1 -hmac kith-turn-secret -binary | base64
    expect(turnCredentials('0102030405060708090a0b0c', NOW)).toEqual({
      urls: [URL],
      username: '1800003600:0102030405060708090a0b0c',
      credential: 'qvTZjcid80BUvWNkJ8IALBCa1N8=',
      seconds: TURN_SECONDS,
    })
    expect(TURN_SECONDS).toBeLessThanOrEqual(3_600)
  })
  test('have a username and a password of so many bytes at most', () => {
    const given = turnCredentials('a', NOW)
    const word = 'x'.repeat(TURN_WORD_BYTES_MAX)
    const bytes = encode(credentialsCodec, { ...given, username: word, credential: word })
    expect(decode(credentialsCodec, bytes)).toMatchObject({ username: word, credential: word })
    for (const field of ['username', 'credential'])
      expect(() => encode(credentialsCodec, { ...given, [field]: `${word}x` }), field).toThrow()
    const at = bytes.indexOf(TURN_WORD_BYTES_MAX)
    expect(() => decode(credentialsCodec, bytes.with(at, TURN_WORD_BYTES_MAX + 1))).toThrow(DecodeError)
  })
  test('are for whoever has opened a mailbox on the stream, and not for its writer, a stranger, or before the greeting', async () => {
    const world = createWorld({ turnCredentials })
    const { kit, alice, bob } = await meet(world)
    expect(await alice.ask({ kind: 'get-turn' })).toMatchObject({ kind: 'turn', credentials: { urls: [URL], seconds: TURN_SECONDS } })
    const denied = { kind: 'refused', reason: 'denied' }
    expect(await bob.ask({ kind: 'get-turn' })).toMatchObject(denied)
    const mallory = await connectCore(world)
    expect(await mallory.ask({ kind: 'open-mailboxes', proofs: [kit.readProof(alice.greeting)] })).toMatchObject({ refused: [kit.mailbox] })
    await bindMailbox(mallory, createMailboxKit())
    expect(await mallory.ask({ kind: 'get-turn' })).toMatchObject(denied)
    expect(await connectSilently(world).ask({ kind: 'get-turn' })).toMatchObject({ kind: 'refused', reason: 'malformed' })
  })
  test('asked for behind the opening of a mailbox, without waiting for that, are given', async () => {
    const world = createWorld({ turnCredentials })
    const { kit } = await meet(world)
    const alice = await connectCore(world)
    const [, turn] = await Promise.all([openMailbox(alice, kit), alice.ask({ kind: 'get-turn' })])
    expect(turn.kind).toBe('turn')
  })
  test('have one name for each stream, which the TURN server counts by, and another on the next', async () => {
    const world = createWorld({ turnCredentials })
    const { kit, alice } = await meet(world)
    const again = await connectCore(world)
    await openMailbox(again, kit)
    const nameOf = async (client: typeof alice): Promise<string | undefined> => {
      const answer = await client.ask({ kind: 'get-turn' })
      return answer.kind === 'turn' ? answer.credentials.username.split(':')[1] : undefined
    }
    const [first, same, other] = [await nameOf(alice), await nameOf(alice), await nameOf(again)]
    expect(first).toMatch(/^[0-9a-f]{24}$/)
    expect([same === first, other === first]).toEqual([true, false])
  })
  test('are given so often to one stream, and nobody else waits for that', async () => {
    const world = createWorld({ turnCredentials })
    const { kit, alice } = await meet(world)
    for (let n = 0; n < TURN_RATE.burst; n++) expect((await alice.ask({ kind: 'get-turn' })).kind).toBe('turn')
    expect(await alice.ask({ kind: 'get-turn' })).toEqual({ kind: 'refused', reason: 'too-many', retryMs: TURN_RATE.refillMs })
    const other = await connectCore(world)
    await openMailbox(other, kit)
    expect((await other.ask({ kind: 'get-turn' })).kind).toBe('turn')
  })
  test('are unknown where the operator has no TURN server', async () => {
    const { alice } = await meet(createWorld())
    expect(await alice.ask({ kind: 'get-turn' })).toMatchObject({ kind: 'refused', reason: 'unknown' })
  })
})

describe('the settings of a TURN server', () => {
  test('are addresses and a secret', () => {
    const urls = [URL, 'turn:turn.example.org?transport=tcp', 'turns:[2001:db8::1]:443']
    expect(readTurn(urls.join(' '), SECRET)).toEqual({ kind: 'turn', turn: { urls, secret: SECRET } })
    expect(readTurn(urls.join(', '), SECRET)).toEqual(readTurn(urls.join(' '), SECRET))
    expect(readTurn('', '')).toEqual({ kind: 'turn', turn: undefined })
    expect(readTurn('', SECRET)).toEqual({ kind: 'turn', turn: undefined })
  })
  test.each(['stun:a.example:3478', 'a.example:3478', 'https://a.example', 'turn://a.example', 'turn:a.example:70000', 'turn:u@a.example'])(
    'refuse the address %s',
    (url) => {
      expect(readTurn(`${URL} ${url}`, SECRET)).toMatchObject({
        kind: 'wrong',
        setting: 'turn',
        why: expect.stringContaining(url) as string,
      })
    },
  )
  test('take so many addresses as a device reads', () => {
    const many = (count: number): string => Array.from({ length: count }, () => URL).join(' ')
    expect(readTurn(many(TURN_URLS_MAX), SECRET).kind).toBe('turn')
    expect(readTurn(many(TURN_URLS_MAX + 1), SECRET)).toMatchObject({ kind: 'wrong', setting: 'turn' })
  })
  test('refuse a short secret, one with spaces, and none, without repeating it', () => {
    for (const secret of ['x'.repeat(TURN_SECRET_CHARS_MIN - 1), `${'x'.repeat(TURN_SECRET_CHARS_MIN)} y`, '']) {
      const read = readTurn(URL, secret)
      expect(read).toMatchObject({ kind: 'wrong', setting: 'turnSecret' })
      expect(read.kind === 'wrong' && read.why).not.toContain('xxx')
    }
    expect(readTurn('', 'short')).toMatchObject({ kind: 'wrong', setting: 'turnSecret' })
  })
  test('are advised on: a secret for nothing, no port, no way but UDP', () => {
    const advice = (...urls: readonly string[]): string => adviceOnTurn({ urls, secret: SECRET }, true).join('\n')
    expect(adviceOnTurn(undefined, true).join()).toContain('KITH_TURN is not')
    expect(adviceOnTurn(undefined, false)).toEqual([])
    expect(advice('turn:a.example', 'turns:a.example')).toMatch(/turn:a\.example .*3478[^]*turns:a\.example .*5349/)
    expect(advice(URL)).toContain('no address by TCP')
    expect(advice('turn:[2001:db8::1]?transport=udp')).toMatch(/3478/)
    expect(advice(URL, 'turn:turn.example.org:3478?transport=tcp')).toBe('')
    expect(advice(URL, 'turns:turn.example.org:5349')).toBe('')
    expect(advice('turns:turn.example.org:5349?transport=udp')).toContain('no address by TCP')
  })
})
