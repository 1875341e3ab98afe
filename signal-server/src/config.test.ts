import { describe, expect, test } from 'vitest'
import { parseConfig, toRelayUrl } from './config.ts'
import { NEAR } from './transport/crowd.ts'
import {
  ADDRESS_CONNECTIONS_MAX,
  ADDRESS_CREATES_PER_MINUTE_MAX,
  ADDRESS_SHARE_PERCENT_MAX,
  METRICS_TOKEN_CHARS_MIN,
  PROXIES_MAX,
  RELAYS_LISTED_MAX,
} from './limits.ts'

const PLACE = { cwd: '/home/alice', defaultDist: '/opt/kith/dist' }
const parse = (env: Record<string, string> = {}, ...args: readonly string[]) => parseConfig(env, args, PLACE)
function configOf(env: Record<string, string> = {}, ...args: readonly string[]) {
  const parsed = parse(env, ...args)
  if (parsed.kind !== 'config') throw new Error(parsed.kind === 'invalid' ? parsed.message : parsed.kind)
  return parsed.config
}
function messageOf(env: Record<string, string>, ...args: readonly string[]): string {
  const parsed = parse(env, ...args)
  return parsed.kind === 'invalid' ? parsed.message : parsed.kind
}

describe('the settings', () => {
  test('have defaults that work', () => {
    expect(configOf()).toEqual({
      port: 8_080,
      host: '127.0.0.1',
      dataDir: '/home/alice/data',
      dist: '/opt/kith/dist',
      publicUrl: undefined,
      connect: [],
      relays: [],
      connectionsMax: 5_000,
      connectionsPerAddressMax: ADDRESS_CONNECTIONS_MAX,
      createsPerMinute: ADDRESS_CREATES_PER_MINUTE_MAX,
      forwardedFor: 'ignore',
      proxies: NEAR,
      storeBytesMax: 4_294_967_296,
      store: undefined,
      addressSharePercent: ADDRESS_SHARE_PERCENT_MAX,
      push: undefined,
      turn: undefined,
      log: 'text',
      metricsToken: undefined,
    })
  })
  test('have a form of the log and a token that is long enough, which no message repeats', () => {
    const token = 'a'.repeat(METRICS_TOKEN_CHARS_MIN)
    expect(configOf({ KITH_LOG: 'json', KITH_METRICS_TOKEN: token })).toMatchObject({ log: 'json', metricsToken: token })
    expect(messageOf({ KITH_LOG: 'xml' })).toContain('KITH_LOG')
    expect(messageOf({ KITH_METRICS_TOKEN: token.slice(1) })).toMatch(/^KITH_METRICS_TOKEN (?!.*aaa)/)
    expect(messageOf({ KITH_METRICS_TOKEN: `${token} b` })).toMatch(/^KITH_METRICS_TOKEN (?!.*aaa)/)
  })
  test('wake devices where there is an address of the page and somebody to write to, unless that is turned off', () => {
    const pageUrl = 'https://chat.example.org'
    expect(configOf({ KITH_PUBLIC_URL: pageUrl }).push).toEqual({ contact: pageUrl, pageUrl, hosts: [], origins: [] })
    expect(configOf({ KITH_PUBLIC_URL: pageUrl, KITH_PUSH: 'off' }).push).toBeUndefined()
    expect(configOf({ KITH_PUBLIC_URL: 'http://kith.lan' }).push).toBeUndefined()
    const more = { KITH_PUSH_CONTACT: 'mailto:a@example.org', KITH_PUSH_HOSTS: 'push.example.org, http://127.0.0.1:9000' }
    expect(configOf({ KITH_PUBLIC_URL: 'http://kith.lan', ...more }).push).toEqual({
      contact: 'mailto:a@example.org',
      pageUrl: 'http://kith.lan',
      hosts: ['push.example.org'],
      origins: ['http://127.0.0.1:9000'],
    })
    expect(configOf(more).push).toBeUndefined()
    for (const wrong of ['localhost', '10.0.0.1', 'https://push.example.org', 'http://10.0.0.1:9000', 'http://127.0.0.1:9000/a'])
      expect(messageOf({ KITH_PUSH_HOSTS: wrong }), wrong).toMatch(/^KITH_PUSH_HOSTS/)
    expect(messageOf({ KITH_PUSH: 'yes' })).toMatch(/^KITH_PUSH /)
    for (const wrong of ['nobody', 'mailto:nobody', 'http://a.example', 'javascript:1'])
      expect(messageOf({ KITH_PUSH_CONTACT: wrong }), wrong).toMatch(/^KITH_PUSH_CONTACT/)
  })
  test('have TURN servers with their secret, which no message repeats', () => {
    const [url, secret] = ['turn:turn.example.org:3478', 'a-turn-secret-of-ours']
    expect(configOf({ KITH_TURN: url, KITH_TURN_SECRET: secret }).turn).toEqual({ urls: [url], secret })
    expect(configOf({ KITH_TURN_SECRET: secret }, '--turn', url).turn).toEqual({ urls: [url], secret })
    expect(messageOf({ KITH_TURN: 'turn.example.org', KITH_TURN_SECRET: secret })).toMatch(/^KITH_TURN \(--turn\) must list (?!.*a-turn)/)
    expect(messageOf({ KITH_TURN: url, KITH_TURN_SECRET: 'too-short' })).toMatch(/^KITH_TURN_SECRET \(--turn-secret\) (?!.*too-short)/)
    expect(messageOf({ KITH_TURN: url })).toMatch(/^KITH_TURN_SECRET /)
  })
  test('have servers of a store, with one way in, and no message repeats a password', () => {
    expect(configOf({ KITH_STORE: 'redis://10.0.0.1 redis://[::1]:7001', KITH_STORE_REPLICAS: '1' }).store).toEqual({
      servers: [
        { host: '10.0.0.1', port: 6_379 },
        { host: '::1', port: 7_001 },
      ],
      access: { tls: false },
      replicas: 1,
    })
    const { access } = configOf({ KITH_STORE: 'rediss://kith:a%20secret@redis.example:6380' }).store ?? {}
    expect(access).toEqual({ username: 'kith', password: 'a secret', tls: true })
    for (const wrong of [
      'http://a:secret@b',
      'redis://:secret@b/1',
      'redis://:secret@a redis://b',
      'redis://:secret@a nonsense',
      'a:secret',
    ])
      expect(messageOf({ KITH_STORE: wrong })).toMatch(/^KITH_STORE \(--store\) must list (?!.*secret)/)
    expect(messageOf({ KITH_STORE_REPLICAS: '1' })).toMatch(/^KITH_STORE_REPLICAS .*KITH_STORE /)
    expect(messageOf({ KITH_STORE: 'redis://a', KITH_STORE_REPLICAS: '6' })).toMatch(/^KITH_STORE_REPLICAS .* from 0 to 5/)
  })
  test('come from the environment, and a flag wins', () => {
    const env = {
      KITH_PORT: '1',
      KITH_HOST: '::',
      KITH_DATA_DIR: '/d',
      KITH_DIST: 'page',
      KITH_PUBLIC_URL: 'https://chat.example.org/',
      KITH_CONNECT: 'wss:',
      KITH_FORWARDED_FOR: 'last',
    }
    expect(configOf(env)).toMatchObject({
      port: 1,
      host: '::',
      dataDir: '/d',
      dist: '/home/alice/page',
      publicUrl: 'https://chat.example.org',
      connect: ['wss:'],
      forwardedFor: 'last',
    })
    expect(
      configOf(env, '--forwarded-for', 'ignore', '--max-per-address', '5', '--creates-per-minute=6', '--address-share=7'),
    ).toMatchObject({
      forwardedFor: 'ignore',
      connectionsPerAddressMax: 5,
      createsPerMinute: 6,
      addressSharePercent: 7,
    })
    expect(configOf(env, '--port', '2', '--data-dir=x', '--store-mb', '3', '--max-connections', '4')).toMatchObject({
      port: 2,
      dataDir: '/home/alice/x',
      storeBytesMax: 3 * 1_048_576,
      connectionsMax: 4,
    })
  })
  test('that are empty are as if not set', () => {
    expect(configOf({ KITH_PORT: '', KITH_PUBLIC_URL: ' ' })).toMatchObject({ port: 8_080, publicUrl: undefined })
  })
  test.each(['65536', '-1', '80.5', '0x50', 'http', '99999999999'])('refuse %s as a port, and name the setting', (port) => {
    expect(messageOf({ KITH_PORT: port })).toContain('KITH_PORT (--port)')
    expect(messageOf({}, `--port=${port}`)).toContain(`"${port}"`)
  })
  test('take ports up to the last one', () => {
    expect([configOf({ KITH_PORT: '65535' }).port, configOf({ KITH_PORT: '0' }).port]).toEqual([65_535, 0])
  })
  test.each([
    ['KITH_HOST', 'chat.example.org'],
    ['KITH_PUBLIC_URL', 'chat.example.org'],
    ['KITH_PUBLIC_URL', 'https://chat.example.org/kith'],
    ['KITH_PUBLIC_URL', 'ftp://chat.example.org'],
    ['KITH_PUBLIC_URL', 'https://user@chat.example.org'],
    ['KITH_CONNECT', "wss://a.example; script-src 'unsafe-inline'"],
    ['KITH_CONNECT', 'https://a.example'],
    ['KITH_STORE_MB', '0'],
    ['KITH_MAX_CONNECTIONS', '0'],
    ['KITH_MAX_PER_ADDRESS', '0'],
    ['KITH_CREATES_PER_MINUTE', '0'],
    ['KITH_ADDRESS_SHARE', '0'],
    ['KITH_ADDRESS_SHARE', '101'],
    ['KITH_FORWARDED_FOR', 'first'],
    ['KITH_PROXIES', '10.0.0.0/33'],
    ['KITH_PROXIES', 'proxy.example.org'],
  ])('refuse %s=%s', (name, value) => {
    expect(messageOf({ [name]: value })).toContain(name)
  })
  test('take so many proxies, and not one more', () => {
    const proxies = (count: number): string => Array.from({ length: count }, (_, at) => `10.0.${at >> 8}.${at & 255}`).join(' ')
    expect(configOf({ KITH_PROXIES: '192.0.2.1, 2001:db8::/32' }).proxies).toEqual(['192.0.2.1', '2001:db8::/32'])
    expect(configOf({ KITH_PROXIES: proxies(PROXIES_MAX) }).proxies).toHaveLength(PROXIES_MAX)
    expect(messageOf({ KITH_PROXIES: proxies(PROXIES_MAX + 1) })).toMatch(/^KITH_PROXIES /)
  })
  test('take several relays for the page', () => {
    expect(configOf({ KITH_CONNECT: 'wss://a.example, ws://127.0.0.1:8080' }).connect).toEqual(['wss://a.example', 'ws://127.0.0.1:8080'])
  })
  test('take the other relays of the list, each with its key, and no more than a page reads', () => {
    const [key, url] = ['ab'.repeat(32), 'wss://b.example']
    expect(configOf({ KITH_RELAYS: `${key}@${url}` }).relays).toEqual([{ key, url }])
    for (const wrong of [url, `${key}${url}`, `${key.slice(1)}@${url}`, `${key}@https://b.example`, `${key.toUpperCase()}@${url}`])
      expect(messageOf({ KITH_RELAYS: wrong }), wrong).toMatch(/^KITH_RELAYS/)
    const many = Array.from({ length: RELAYS_LISTED_MAX }, () => `${key}@${url}`).join(' ')
    expect(messageOf({ KITH_RELAYS: many })).toMatch(/^KITH_RELAYS/)
  })
  test('refuse a flag that does not exist, in one line', () => {
    expect(messageOf({}, '--prot', '1')).toMatch(/^[^\n]*--prot[^\n]*--help\)$/)
  })
  test('explain themselves', () => {
    const parsed = parse({}, '--help')
    expect(parsed.kind === 'help' && parsed.text).toMatch(/KITH_PORT, --port .*default 8080/)
  })
  test('make a relay address of a page address', () => {
    expect([toRelayUrl('https://chat.example.org'), toRelayUrl('http://127.0.0.1:1')]).toEqual([
      'wss://chat.example.org',
      'ws://127.0.0.1:1',
    ])
  })
})
