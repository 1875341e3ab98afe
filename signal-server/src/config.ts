// The relay's settings: a file, environment variables and flags with the same meaning, checked strictly. A flag wins over its variable, and both over
// the file.

import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { parseArgs, parseEnv } from 'node:util'
import { isRelayUrl } from '@kith/protocol'
import {
  ADDRESS_CONNECTIONS_MAX,
  ADDRESS_CREATES_PER_MINUTE_MAX,
  ADDRESS_SHARE_PERCENT_MAX,
  METRICS_TOKEN_CHARS_MIN,
  PROXIES_MAX,
  RELAYS_LISTED_MAX,
} from './limits.ts'
import { helpText } from './help.ts'
import { isNetwork } from './networks.ts'
import { readTurn } from './turn-server.ts'
import { NEAR } from './transport/crowd.ts'
import type { Setting } from './help.ts'
import type { ForwardedFor } from './transport/crowd.ts'
import type { PushPlaces } from './web-push/subscription.ts'
import type { TurnConfig } from './turn-server.ts'

export type Config = {
  readonly port: number
  readonly host: string
  readonly dataDir: string
  readonly dist: string
  /** `https://chat.example.org`, without a path. */
  readonly publicUrl: string | undefined
  readonly connect: readonly string[]
  /** Relays of others on the page's list, beside this one. `key`: hex. */
  readonly relays: readonly ListedRelay[]
  readonly connectionsMax: number
  readonly connectionsPerAddressMax: number
  readonly createsPerMinute: number
  readonly forwardedFor: ForwardedFor
  /** Addresses and networks of reverse proxies, whose word counts. */
  readonly proxies: readonly string[]
  readonly storeBytesMax: number
  /** Undefined: SQLite in the data folder. */
  readonly store: StoreServers | undefined
  readonly addressSharePercent: number
  readonly log: LogForm
  /** Undefined: no device is woken. */
  readonly push: PushConfig | undefined
  /** Undefined: devices are told of no TURN server. */
  readonly turn: TurnConfig | undefined
  /** Whoever shows it may read /metrics; without one there is no such page. */
  readonly metricsToken: string | undefined
}
export type ListedRelay = { readonly key: string; readonly url: string }
/** `contact`: whom push services may write to. `pageUrl`: where the page is that a push opens. */
export type PushConfig = PushPlaces & { readonly contact: string; readonly pageUrl: string }
/** Redis or Valkey: one server, some of which one is the master, or some of a cluster. */
export type StoreServers = {
  readonly servers: readonly { readonly host: string; readonly port: number }[]
  readonly access: { readonly username?: string; readonly password?: string; readonly tls: boolean }
  readonly replicas: number
}
/** One line a thing for people, or one line of JSON for what gathers logs. */
export type LogForm = 'text' | 'json'
/** Where a setting's value comes from. */
export type Origin = 'flag' | 'environment' | 'file' | 'default'
export type GivenSetting = { readonly name: string; readonly value: string; readonly origin: Origin }
export type ParsedConfig =
  | { readonly kind: 'config'; readonly config: Config; readonly given: readonly GivenSetting[]; readonly words: readonly string[] }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'invalid'; readonly message: string }

/** `wordsMax`: words beside the settings, such as the folder for a backup. Default: none. */
type Place = { readonly cwd: string; readonly defaultDist: string; readonly wordsMax?: number }

const SETTINGS = {
  port: { name: 'KITH_PORT', flag: 'port', fallback: '8080', meaning: 'port to listen on; 0 takes a free one' },
  host: {
    name: 'KITH_HOST',
    flag: 'host',
    fallback: '127.0.0.1',
    meaning: 'address to listen on; 0.0.0.0 for all of IPv4, :: for all of IPv6',
  },
  dataDir: { name: 'KITH_DATA_DIR', flag: 'data-dir', fallback: './data', meaning: "folder for the relay's key and mailboxes" },
  publicUrl: { name: 'KITH_PUBLIC_URL', flag: 'public-url', fallback: '', meaning: 'where people reach it, e.g. https://chat.example.org' },
  dist: { name: 'KITH_DIST', flag: 'dist', fallback: '', meaning: 'folder of the built page (default: dist of this checkout)' },
  connect: {
    name: 'KITH_CONNECT',
    flag: 'connect',
    fallback: '',
    meaning: 'more relays the page may use, e.g. "wss://a.example wss://b.example"; "wss:" for any',
  },
  relays: {
    name: 'KITH_RELAYS',
    flag: 'relays',
    fallback: '',
    meaning: 'relays among which devices find their homes, beside this one: "KEY@wss://a.example", the key in hex as its relays.json says',
  },
  connectionsMax: { name: 'KITH_MAX_CONNECTIONS', flag: 'max-connections', fallback: '5000', meaning: 'devices connected at once' },
  connectionsPerAddressMax: {
    name: 'KITH_MAX_PER_ADDRESS',
    flag: 'max-per-address',
    fallback: String(ADDRESS_CONNECTIONS_MAX),
    meaning: 'devices connected at once from one address',
  },
  createsPerMinute: {
    name: 'KITH_CREATES_PER_MINUTE',
    flag: 'creates-per-minute',
    fallback: String(ADDRESS_CREATES_PER_MINUTE_MAX),
    meaning: 'mailboxes and records that one address may create',
  },
  forwardedFor: {
    name: 'KITH_FORWARDED_FOR',
    flag: 'forwarded-for',
    fallback: 'ignore',
    meaning: '"last" when only your reverse proxy reaches the port: the last address in X-Forwarded-For is the visitor\'s',
  },
  proxies: {
    name: 'KITH_PROXIES',
    flag: 'proxies',
    fallback: NEAR.join(' '),
    meaning: 'addresses and networks of your reverse proxies: with KITH_FORWARDED_FOR=last nobody else is believed',
  },
  storeMegabytes: {
    name: 'KITH_STORE_MB',
    flag: 'store-mb',
    fallback: '4096',
    meaning: 'megabytes that mailboxes may take on disk, or in the store',
  },
  store: {
    name: 'KITH_STORE',
    flag: 'store',
    fallback: '',
    meaning:
      'Redis or Valkey that several relays share, e.g. "redis://10.0.0.1:6379"; several with spaces between (default: in the data folder)',
  },
  storeReplicas: {
    name: 'KITH_STORE_REPLICAS',
    flag: 'store-replicas',
    fallback: '0',
    meaning: 'replicas of each of its masters that must have a deposit before it is acknowledged',
  },
  addressSharePercent: {
    name: 'KITH_ADDRESS_SHARE',
    flag: 'address-share',
    fallback: String(ADDRESS_SHARE_PERCENT_MAX),
    meaning: 'percent of them that may wait from one address',
  },
  push: {
    name: 'KITH_PUSH',
    flag: 'push',
    fallback: 'on',
    meaning: "wakes devices through their browsers' push services, where it has KITH_PUBLIC_URL; off for never",
  },
  pushContact: {
    name: 'KITH_PUSH_CONTACT',
    flag: 'push-contact',
    fallback: '',
    meaning: 'whom push services may write to, e.g. mailto:you@example.org (default: KITH_PUBLIC_URL)',
  },
  pushHosts: {
    name: 'KITH_PUSH_HOSTS',
    flag: 'push-hosts',
    fallback: '',
    meaning: 'more push services, e.g. "push.example.org"; an origin such as http://127.0.0.1:9000 is for tests on this machine',
  },
  turn: {
    name: 'KITH_TURN',
    flag: 'turn',
    fallback: '',
    meaning: 'your TURN servers, for devices that find no direct way: "turn:turn.example.org:3478", up to three with spaces between',
  },
  turnSecret: {
    name: 'KITH_TURN_SECRET',
    flag: 'turn-secret',
    fallback: '',
    meaning: 'the static-auth-secret of these servers; better in the file, since flags can be seen by everybody on the machine',
  },
  log: { name: 'KITH_LOG', flag: 'log', fallback: 'text', meaning: 'form of the log on stderr: text, or json with a line for each event' },
  metricsToken: {
    name: 'KITH_METRICS_TOKEN',
    flag: 'metrics-token',
    fallback: '',
    meaning:
      'opens /metrics to whoever sends it as "Authorization: Bearer …"; better in the file, since flags can be seen by everybody on the machine',
  },
} as const satisfies Readonly<Record<string, Setting>>
type SettingKey = keyof typeof SETTINGS
const FILE: Setting = { name: 'KITH_CONFIG', flag: 'config', fallback: '', meaning: 'file with lines such as KITH_PORT=8080' }

/** A setting that cannot be used. The message is for the operator and names the setting. */
class SettingError extends Error {}

export function parseConfig(env: Readonly<Record<string, string | undefined>>, args: readonly string[], place: Place): ParsedConfig {
  try {
    const { flags, words } = parseFlags(args, place.wordsMax ?? 0)
    if (flags['help'] === true) return { kind: 'help', text: helpText([FILE, ...Object.values(SETTINGS)]) }
    const file = readSettings(firstOf(flags[FILE.flag], env[FILE.name]), place.cwd)
    const given = (key: SettingKey): GivenSetting => {
      const { name, flag, fallback } = SETTINGS[key]
      const sources = [
        ['flag', flags[flag]],
        ['environment', env[name]],
        ['file', file[name]],
      ] as const
      for (const [origin, value] of sources)
        if (typeof value === 'string' && value.trim() !== '') return { name, value: value.trim(), origin }
      return { name, value: fallback, origin: 'default' }
    }
    const config = toConfig((key) => given(key).value, place)
    return { kind: 'config', config, given: (Object.keys(SETTINGS) as SettingKey[]).map(given), words }
  } catch (error) {
    if (error instanceof SettingError) return { kind: 'invalid', message: error.message }
    throw error
  }
}

const firstOf = (...values: readonly (string | boolean | undefined)[]): string | undefined =>
  values.find((value): value is string => typeof value === 'string' && value.trim() !== '')

/** Lines of `KITH_PORT=8080`, as in the environment. A name that nobody knows is a mistake, and not passed over. */
function readSettings(name: string | undefined, cwd: string): Readonly<Record<string, string | undefined>> {
  if (name === undefined) return {}
  let text: string
  try {
    text = readFileSync(resolve(cwd, name), 'utf8')
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    throw new SettingError(`${FILE.name} (--${FILE.flag}) must name a file that can be read, not "${name}" (${why})`, { cause })
  }
  const settings = parseEnv(text)
  const known = new Set<string>(Object.values(SETTINGS).map((setting) => setting.name))
  const unknown = Object.keys(settings).find((each) => !known.has(each))
  if (unknown !== undefined) throw new SettingError(`${name} has a setting that is not known: ${unknown} (see --help)`)
  return settings
}

type Flags = Readonly<Record<string, string | boolean | undefined>>

function parseFlags(args: readonly string[], wordsMax: number): { readonly flags: Flags; readonly words: readonly string[] } {
  const settings = Object.fromEntries([FILE, ...Object.values(SETTINGS)].map(({ flag }) => [flag, { type: 'string' as const }]))
  const options = { ...settings, help: { type: 'boolean' as const, short: 'h' } }
  try {
    const { values: flags, positionals: words } = parseArgs({ args: [...args], options, allowPositionals: wordsMax > 0 })
    if (words.length > wordsMax) throw new Error(`Unexpected argument '${words[wordsMax]}'`)
    return { flags, words }
  } catch (error) {
    throw new SettingError(`${error instanceof Error ? error.message.split('\n')[0] : 'a flag is wrong'} (see --help)`, { cause: error })
  }
}

function toConfig(value: (key: SettingKey) => string, { cwd, defaultDist }: Place): Config {
  const dist = value('dist')
  return {
    port: wholeNumber('port', value('port'), { min: 0, max: 65_535 }),
    host: toHost(value('host')),
    dataDir: resolve(cwd, value('dataDir')),
    dist: dist === '' ? defaultDist : resolve(cwd, dist),
    publicUrl: toPublicUrl(value('publicUrl')),
    connect: toSources(value('connect')),
    relays: toRelays(value('relays')),
    connectionsMax: wholeNumber('connectionsMax', value('connectionsMax'), { min: 1, max: 100_000 }),
    connectionsPerAddressMax: wholeNumber('connectionsPerAddressMax', value('connectionsPerAddressMax'), { min: 1, max: 100_000 }),
    createsPerMinute: wholeNumber('createsPerMinute', value('createsPerMinute'), { min: 1, max: 1_000_000 }),
    forwardedFor: toForwardedFor(value('forwardedFor')),
    proxies: toProxies(value('proxies')),
    storeBytesMax: wholeNumber('storeMegabytes', value('storeMegabytes'), { min: 1, max: 16_000_000 }) * 1_048_576,
    store: toStore(value('store'), wholeNumber('storeReplicas', value('storeReplicas'), { min: 0, max: 5 })),
    addressSharePercent: wholeNumber('addressSharePercent', value('addressSharePercent'), { min: 1, max: 100 }),
    push: toPush({ push: value('push'), contact: value('pushContact'), hosts: value('pushHosts') }, toPublicUrl(value('publicUrl'))),
    turn: toTurn(value('turn'), value('turnSecret')),
    log: toLogForm(value('log')),
    metricsToken: toToken(value('metricsToken')),
  }
}

/** Of a relay's key in hex. */
const KEY_DIGITS = 64

const nameOf = (key: SettingKey): string => `${SETTINGS[key].name} (--${SETTINGS[key].flag})`

function wholeNumber(key: SettingKey, text: string, { min, max }: { readonly min: number; readonly max: number }): number {
  const number = /^[0-9]{1,9}$/.test(text) ? Number(text) : NaN
  if (number >= min && number <= max) return number
  throw new SettingError(`${nameOf(key)} must be a whole number from ${min} to ${max}, not "${text}"`)
}

function toHost(text: string): string {
  if (text === 'localhost') return '127.0.0.1'
  if (isIP(text) !== 0) return text
  throw new SettingError(`${nameOf('host')} must be an IP address such as 127.0.0.1 or 0.0.0.0, not "${text}"`)
}

function toPublicUrl(text: string): string | undefined {
  if (text === '') return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isPlain = url !== undefined && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.hash && !url.username
  if (isPlain && isRelayUrl(toRelayUrl(url.origin))) return url.origin
  throw new SettingError(`${nameOf('publicUrl')} must be an address without a path, such as https://chat.example.org, not "${text}"`)
}

/** The address of the relay behind a page's address. */
export const toRelayUrl = (publicUrl: string): string => publicUrl.replace(/^http/, 'ws')

function toRelays(text: string): readonly ListedRelay[] {
  const items = text.split(/[\s,]+/).filter((item) => item !== '')
  const relays = items.map((item) => ({ item, key: item.slice(0, KEY_DIGITS), url: item.slice(KEY_DIGITS + 1) }))
  const wrong = relays.find(({ item, key, url }) => !/^[0-9a-f]{64}$/.test(key) || item[KEY_DIGITS] !== '@' || !isRelayUrl(url))
  if (wrong !== undefined)
    throw new SettingError(`${nameOf('relays')} must list relays such as KEY@wss://chat.example.org, not "${wrong.item}"`)
  if (relays.length < RELAYS_LISTED_MAX) return relays.map(({ key, url }) => ({ key, url }))
  throw new SettingError(`${nameOf('relays')} may list ${RELAYS_LISTED_MAX - 1} relays, not ${relays.length}`)
}

function toSources(text: string): readonly string[] {
  const sources = text.split(/[\s,]+/).filter((source) => source !== '')
  const wrong = sources.find((source) => source !== 'wss:' && source !== 'ws:' && !isRelayUrl(source))
  if (wrong === undefined) return sources
  throw new SettingError(`${nameOf('connect')} must list relays such as wss://chat.example.org, not "${wrong}"`)
}

/** The value is in no message: it may have a password. */
function toStore(text: string, replicas: number): StoreServers | undefined {
  const words = text.split(/\s+/).filter((word) => word !== '')
  if (words.length === 0) {
    if (replicas > 0) throw new SettingError(`${nameOf('storeReplicas')} is for a store that ${nameOf('store')} names`)
    return undefined
  }
  const urls = words.map((word) => (URL.canParse(word) ? new URL(word) : undefined)).filter((url) => url !== undefined)
  const isPlain = ({ protocol, hostname, pathname, search, hash }: URL): boolean =>
    /^rediss?:$/.test(protocol) && hostname !== '' && /^\/?$/.test(pathname) && search === '' && hash === ''
  const [first] = urls
  const isAlike = (url: URL): boolean =>
    url.protocol === first?.protocol && url.username === first.username && url.password === first.password
  if (first === undefined || urls.length < words.length || !urls.every(isPlain) || !urls.every(isAlike))
    throw new SettingError(`${nameOf('store')} must list servers such as redis://10.0.0.1:6379, all with the same user, password and TLS`)
  const username = decodeURIComponent(first.username)
  const password = decodeURIComponent(first.password)
  return {
    servers: urls.map(({ hostname, port }) => ({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6_379) })),
    access: { ...(username === '' ? {} : { username }), ...(password === '' ? {} : { password }), tls: first.protocol === 'rediss:' },
    replicas,
  }
}

/** Without a contact that they take, push services refuse whatever comes. */
function toPush(
  { push, contact, hosts }: { readonly push: string; readonly contact: string; readonly hosts: string },
  pageUrl: string | undefined,
): PushConfig | undefined {
  if (push !== 'on' && push !== 'off') throw new SettingError(`${nameOf('push')} must be on or off, not "${push}"`)
  if (contact !== '' && !(/^(mailto:[^@\s]+@|https:\/\/)[^\s]+$/.test(contact) && URL.canParse(contact)))
    throw new SettingError(`${nameOf('pushContact')} must be such as mailto:you@example.org or https://example.org, not "${contact}"`)
  const words = hosts.split(/[\s,]+/).filter((word) => word !== '')
  const isHost = (word: string): boolean => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(word) && isIP(word) === 0
  const isOrigin = (word: string): boolean => /^http:\/\/127\.0\.0\.1:[0-9]+$/.test(word)
  const wrong = words.find((word) => !isHost(word) && !isOrigin(word))
  if (wrong !== undefined) throw new SettingError(`${nameOf('pushHosts')} must list names such as push.example.org, not "${wrong}"`)
  const named = contact === '' && pageUrl?.startsWith('https:') ? pageUrl : contact
  if (push === 'off' || pageUrl === undefined || named === '') return undefined
  return { contact: named, pageUrl, hosts: words.filter(isHost), origins: words.filter(isOrigin) }
}

function toTurn(addresses: string, secret: string): TurnConfig | undefined {
  const read = readTurn(addresses, secret)
  if (read.kind === 'turn') return read.turn
  throw new SettingError(`${nameOf(read.setting)} ${read.why}`)
}

function toForwardedFor(text: string): ForwardedFor {
  if (text === 'ignore' || text === 'last') return text
  throw new SettingError(`${nameOf('forwardedFor')} must be ignore or last, not "${text}"`)
}

function toProxies(text: string): readonly string[] {
  const proxies = text.split(/[\s,]+/).filter((proxy) => proxy !== '')
  const wrong = proxies.find((proxy) => !isNetwork(proxy))
  if (wrong !== undefined) throw new SettingError(`${nameOf('proxies')} must list addresses or networks such as 10.0.0.0/8, not "${wrong}"`)
  if (proxies.length <= PROXIES_MAX) return proxies
  throw new SettingError(`${nameOf('proxies')} may list ${PROXIES_MAX} addresses and networks, not ${proxies.length}`)
}

function toLogForm(text: string): LogForm {
  if (text === 'text' || text === 'json') return text
  throw new SettingError(`${nameOf('log')} must be text or json, not "${text}"`)
}

/** The value is in no message: it is a secret. */
function toToken(text: string): string | undefined {
  if (text === '') return undefined
  if (text.length >= METRICS_TOKEN_CHARS_MIN && /^[\x21-\x7e]+$/.test(text)) return text
  throw new SettingError(`${nameOf('metricsToken')} must have at least ${METRICS_TOKEN_CHARS_MIN} characters, without spaces`)
}
