// Faults that change nothing anybody could notice, each with its reason: tests cannot tell such a program from the right one.

import type { Mutant } from './mutants.ts'

/** `line`: the source line that the fault begins in, without the space around it; of one that stands there several times, all of them are meant. */
export type Alike = { readonly file: string; readonly line: string; readonly from: string; readonly to: string; readonly why: string }

const SIGN = 'Of what a comparison says only the sign counts.'
const DISTINCT = 'The two are never the same.'
const SHORT_CUT = 'It spares work: what comes after it comes to the same.'
const INTEGERS = 'Ranks are compared in whole numbers.'

type Fault = readonly [from: string, to: string, why: string]
const inFile = (file: string, line: string, faults: readonly Fault[]): readonly Alike[] =>
  faults.map(([from, to, why]) => ({ file: `protocol/src/${file}.ts`, line, from, to, why }))
const membership = (name: string, line: string, ...faults: readonly Fault[]): readonly Alike[] => inFile(`membership/${name}`, line, faults)
const group = (name: string, line: string, ...faults: readonly Fault[]): readonly Alike[] => inFile(`group/${name}`, line, faults)
const log = (name: string, line: string, ...faults: readonly Fault[]): readonly Alike[] => inFile(`log/${name}`, line, faults)

const session = (name: string, line: string, ...faults: readonly Fault[]): readonly Alike[] => inFile(`session/${name}`, line, faults)

const ZERO_SALT = 'HMAC fills its key with zeros, so one zero is as good as none.'
const WIPED = 'What it is overwritten with is asked by nobody.'
const GENUINE = 'With the keys of a genuine bundle both can be computed.'

export const ALIKE: readonly Alike[] = [
  ...membership(
    'effects',
    'depth: authority === undefined ? 0 : authority.depth + 1,',
    ['0', '1', 'Every grant goes back to the one that begins its group, so all depths are higher by the same; they are only compared.'],
    ['1', '2', 'Depths are twice as high, in the same order; they are only compared.'],
  ),
  ...membership(
    'grant',
    'if (one.maker.id !== other.maker.id) return one.maker.id < other.maker.id ? -1 : 1',
    ['<', '<=', DISTINCT],
    ['1', '2', SIGN],
  ),
  ...membership(
    'grant',
    'if (strike.authority !== undefined && compareRank(strike.authority, grant) >= 0) return false',
    ['>=', '>', 'Nobody acts on themselves with an authority, so none is the grant that it strikes.'],
    ['0', '1', 'Nobody acts on themselves with an authority, so none is the grant that it strikes.'],
  ),
  ...membership('grant', '.filter(({ strikes }) => strikes.length > 0)', ['>', '>=', 'A line without strikes strikes nothing.']),
  ...membership('grant', 'const before = found.strikes.findLastIndex((other) => other.by.at < at) + 1', [
    '<',
    '<=',
    'Those of one entry stand at one place, and in which order is asked by nobody.',
  ]),
  ...membership(
    'grant',
    'if (strike === undefined || strike.by.at < known) return false',
    ['strike === undefined || strike.by.at < known', 'false', SHORT_CUT],
    ['||', '&&', SHORT_CUT],
  ),
  ...membership(
    'judge',
    'if (authority !== undefined && compareRank(authority, grant) < 0) continue',
    ['<', '<=', DISTINCT],
    ['0', '1', INTEGERS],
  ),
  ...membership('outcome', 'draft.links = isOpen ? draft.links.with(link, true) : draft.links.without(link)', [
    'true',
    'false',
    'A link is open when it is among them; what stands there is asked by nobody.',
  ]),
  ...membership(
    'outcome',
    "return entry.act.kind === 'set-history' && authority !== undefined ? [{ id, authority, history: entry.act.history }] : []",
    ['&&', '||', 'It is asked of accepted ones of that kind only, and each has an authority.'],
  ),
  ...membership(
    'outcome',
    'const [first] = said.toSorted((one, other) => compareRank(one.authority, other.authority) || (one.id < other.id ? -1 : 1))',
    ['<', '<=', DISTINCT],
    ['1', '2', SIGN],
  ),
  ...membership('outcome', 'if (membership.histories.length === 0) return []', ['membership.histories.length === 0', 'false', SHORT_CUT]),
  ...membership('outcome', 'if (known !== undefined) return known', ['known !== undefined', 'false', SHORT_CUT]),
  ...membership(
    'past',
    'at: line === undefined ? 0 : placeOf(places, line.tip).at + 1,',
    ['0', '1', 'All numbers of a line are higher by the same, and so is how far each past reaches.'],
    ['1', '2', 'Numbers of a line leave gaps, and how far each past reaches is one more than a number.'],
  ),
  ...membership('past', "if (place === undefined) throw new Error('a control entry without a place')", [
    'place === undefined',
    'false',
    'It is asked for entries only that have their place.',
  ]),
  ...membership('past', 'if (one.size === 0) return other', ['one.size === 0', 'false', SHORT_CUT]),
  ...membership('past', 'const count = other.get(line) ?? 0', [
    '0',
    '1',
    'A line that only one of the two has reaches at least so far there.',
  ]),
  ...membership('past', 'if (count > (one.get(line) ?? 0)) all = all.with(line, count)', [
    '>',
    '>=',
    'What is there already is written once more.',
  ]),
  ...group(
    'card',
    'const device = list?.devices.find(({ signingKey }) => read !== undefined && equalBytes(signingKey, read.fields.bundle.signingKey))',
    ['&&', '||', 'There is no list where nothing was read.'],
  ),
  ...group('card', "if (read === undefined || list === undefined || device === undefined) throw new RangeError('a stored card is none')", [
    '||',
    '&&',
    'Without the card there is no list, and without that no device; the last one of the three is tested.',
  ]),
  ...group(
    'link',
    'const part = (secret: Uint8Array, name: string): Uint8Array => derive(secret, new Uint8Array(0), `kith/1/group-link-${name}`, 32)',
    ['0', '1', ZERO_SALT],
  ),
  ...group('link', 'grantOf(deskOf({ secret, place: new Uint8Array(32), relay }))', [
    '32',
    '33',
    'What reads the mailbox is no part of what may write there.',
  ]),
  ...log('body', 'const plaintext = new Uint8Array(BODY_BUCKETS[header.bucket] ?? 0)', [
    '0',
    '1',
    'Neither has room for a salt: it throws.',
  ]),
  ...log('body', 'const length = ((plaintext[SALT_BYTES] ?? 0) << 8) | (plaintext[SALT_BYTES + 1] ?? 0)', [
    '0',
    '1',
    'What was opened is as long as its bucket.',
  ]),
  ...log('evidence', 'for (let length = 1; length <= RUN_ENTRIES_MAX && paths.length > 0; length++) {', ['>', '>=', SHORT_CUT]),
  ...log('evidence', 'if (signed !== undefined && signature !== undefined)', ['&&', '||', 'Whatever was found has its signature.']),
  ...log('incoming', 'const read = wire.header.length > HEADER_BYTES_MAX ? undefined : readHeader(wire.header)', [
    '>',
    '>=',
    'The header with the most deps is shorter, so what is as long as that is none.',
  ]),
  ...log('incoming', 'entry.headerBytes.length + (bodyBytesOf(entry.header.bucket) ?? 0)', [
    '0',
    '1',
    'A bucket that there is not was refused before.',
  ]),
  ...log('log', '(best, tip) => (best === undefined || tip.seq > best.seq || (tip.seq === best.seq && tip.id < best.id) ? tip : best),', [
    '<',
    '<=',
    DISTINCT,
  ]),
  ...log(
    'log',
    'export const sortTips = (tips: readonly Tip[]): readonly Tip[] => tips.toSorted((a, b) => a.seq - b.seq || (a.id < b.id ? -1 : 1))',
    ['<', '<=', DISTINCT],
    ['1', '2', SIGN],
  ),
  ...log('log', 'const byDevice = (a: Head, b: Head): number => (a.device < b.device ? -1 : 1)', ['<', '<=', DISTINCT], ['1', '2', SIGN]),
  ...log('log', 'const namedAt = (at: number | undefined): number => (at === undefined ? 0 : at + 1)', [
    '1',
    '2',
    'All that were named stay behind those that never were, in the same order.',
  ]),
  ...log('lookups', 'const count = branches.get(device) ?? log.feeds.get(device)?.tips.length ?? 0', [
    '0',
    '1',
    'A device that has no feed here has no places either.',
  ]),
  ...log('lookups', 'return [...heads, { device, from: seq + 1, to: seq + RUN_ENTRIES_MAX }]', [
    '+',
    '-',
    'Its own place and the one before it were looked up first.',
  ]),
  ...log('parking', 'if (waiting.entries.length === 0) return { parking: emptied, refused: [] }', [
    'waiting.entries.length === 0',
    'false',
    SHORT_CUT,
  ]),
  ...log('sync', 'if (lacking.length === 0) return undefined', ['lacking.length === 0', 'false', SHORT_CUT]),
  ...log('sync', 'const begin = feed.tips.length === 1 ? from : Math.min(from, feed.fork?.seq ?? 0)', [
    '0',
    '1',
    'A feed of several branches has its dispute.',
  ]),
  ...session('kith-profile', 'const encoded = encode(header, { ...value, previous: value.previous ?? 0 })', [
    '0',
    '1',
    'Here every header says how long the chain before was.',
  ]),
  ...session(
    'opening',
    'const session = part === undefined ? begun : { ...begun, healing: healOnOpen(begun, part, { now, isTurn: true }) }',
    ['true', 'false', 'What begins a session is refused with an answer, and nothing else asks whether it is a turn.'],
  ),
  ...session(
    'pairing-state',
    'const sessions = [...alive, session].sort((a, b) => b.generation - a.generation || (a.id < b.id ? -1 : 1))',
    ['<', '<=', DISTINCT],
    ['1', '2', SIGN],
  ),
  ...session('pairing-state', 'const ratchet = held > room ? trimSkipped(session.ratchet, room) : session.ratchet', [
    '>',
    '>=',
    'Trimmed to as many as it holds, it is the same.',
  ]),
  ...session(
    'pqxdh',
    "if (encapsulated === undefined || agreed === undefined) return 'bundle'",
    ['encapsulated === undefined || agreed === undefined', 'false', GENUINE],
    ['||', '&&', GENUINE],
  ),
  ...session('prekeys', "const bytes = derive(seed, new Uint8Array(0), 'kith/1/prekey', 96)", ['0', '1', ZERO_SALT]),
  ...['agreed', 'kemShared', 'input'].flatMap((name) => session('pqxdh', `${name}.fill(0)`, ['0', '1', WIPED])),
  ...log('arrange', 'const left = (missing.get(follower) ?? 0) - 1', ['0', '1', 'Whoever follows something waits for it, and is counted.']),
]

export function reasonOf(file: string, text: string, mutant: Mutant): string | undefined {
  const line = text.split('\n')[mutant.line - 1]?.trim()
  return ALIKE.find((one) => one.file === file && one.line === line && one.from === mutant.from && one.to === mutant.to)?.why
}
