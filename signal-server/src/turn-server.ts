// The operator's TURN server, of which the relay knows where it is and the secret that both have: with it the relay makes credentials that the server takes
// for a while, after the scheme of coturn and others (draft-uberti-behave-turn-rest).

import { createHmac } from 'node:crypto'
import { isTurnUrl, TURN_URLS_MAX } from '@kith/protocol'
import { TURN_SECONDS, TURN_SECRET_CHARS_MIN } from './limits.ts'
import type { TurnIssuer } from './relay/index.ts'

export type TurnConfig = { readonly urls: readonly string[]; readonly secret: string }
export type ReadTurn =
  | { readonly kind: 'turn'; readonly turn: TurnConfig | undefined }
  /** `why` goes on after the name of the setting, and has nothing of the secret. */
  | { readonly kind: 'wrong'; readonly setting: 'turn' | 'turnSecret'; readonly why: string }

export function readTurn(addresses: string, secret: string): ReadTurn {
  const urls = addresses.split(/[\s,]+/).filter((word) => word !== '')
  const wrong = urls.find((url) => !isTurnUrl(url))
  const wrongIn = (setting: 'turn' | 'turnSecret', why: string): ReadTurn => ({ kind: 'wrong', setting, why })
  if (wrong !== undefined) return wrongIn('turn', `must list addresses such as turn:turn.example.org:3478, not "${wrong}"`)
  if (urls.length > TURN_URLS_MAX) return wrongIn('turn', `may list ${TURN_URLS_MAX} addresses, not ${urls.length}`)
  if (secret !== '' && !(secret.length >= TURN_SECRET_CHARS_MIN && /^[\x21-\x7e]+$/.test(secret)))
    return wrongIn('turnSecret', `must have at least ${TURN_SECRET_CHARS_MIN} characters, without spaces`)
  if (urls.length > 0 && secret === '') return wrongIn('turnSecret', 'must be set where addresses of TURN servers are')
  return { kind: 'turn', turn: urls.length === 0 ? undefined : { urls, secret } }
}

export const createTurnIssuer =
  ({ urls, secret }: TurnConfig): TurnIssuer =>
  (name, now) => {
    const username = `${Math.floor(now / 1_000) + TURN_SECONDS}:${name}`
    return { urls, username, credential: createHmac('sha1', secret).update(username).digest('base64'), seconds: TURN_SECONDS }
  }

/** What an operator may not have meant. */
export function adviceOnTurn(turn: TurnConfig | undefined, isSecretSet: boolean): readonly string[] {
  if (turn === undefined) return isSecretSet ? ['KITH_TURN_SECRET is set, and KITH_TURN is not: devices are told of no TURN server'] : []
  const bare = turn.urls.filter((url) => !/:[0-9]+(?:\?|$)/.test(url))
  return [
    ...bare.map((url) => `${url} in KITH_TURN names no port: ${url.startsWith('turns:') ? 5_349 : 3_478} is meant`),
    ...(turn.urls.some(isByTcp)
      ? []
      : ['KITH_TURN has no address by TCP (turns:… or …?transport=tcp): networks that let no UDP out stay without direct connections']),
  ]
}

const isByTcp = (url: string): boolean => (url.startsWith('turns:') && !url.endsWith('=udp')) || url.endsWith('=tcp')
