// What the page reads that comes from outside: the list of relays that its server names, and what a camera has seen.

import { toScanned } from '../../../app/src/features/scan/kinds.ts'
import { parseRelayList } from '../../../app/src/session/parse-relay-list.ts'
import { utf8ToBytes } from '../../src/bytes/bytes.ts'
import { suiteOneVectors } from '../vectors/suite-1.ts'
import type { Decoder } from './decoder.ts'

const ORIGIN = 'https://chat.example.org'
const TEXT_LENGTH_MAX = 20_000
const textOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes.subarray(0, TEXT_LENGTH_MAX))
const LIST = { relays: [{ key: '0a'.repeat(32) }, { key: '0b'.repeat(32), url: 'wss://relay.example.org:8443' }] }

export const pageDecoders: readonly Decoder[] = [
  {
    name: 'app/src/session/parse-relay-list.ts parseRelayList',
    isCalculating: true,
    seeds: [utf8ToBytes(JSON.stringify(LIST))],
    read: (bytes) => ({ kind: parseRelayList(textOf(bytes), ORIGIN) === undefined ? 'refused' : 'read' }),
  },
  {
    name: 'app/src/features/scan/kinds.ts toScanned',
    isCalculating: true,
    seeds: [suiteOneVectors()['invite']?.['link'] ?? '', 'Kith-AAECAw', 'Kith safety number 1a 12345'].map(utf8ToBytes),
    read: (bytes) => ({ kind: toScanned(textOf(bytes), ORIGIN).kind === 'other' ? 'refused' : 'read' }),
  },
]
