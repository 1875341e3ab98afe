// One push to a push service, over HTTP. Follows no redirect, and connects to no address near the relay, whatever its name resolves to: the addresses
// that are looked at are those that are connected to.

import { lookup } from 'node:dns'
import { request as requestPlain } from 'node:http'
import { request } from 'node:https'
import { PUSH_ANSWER_MS_MAX } from '../limits.ts'
import { isNear } from './near.ts'
import type { LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import type { Post } from './sender.ts'

type PostOptions = {
  /** Origins of tests on this machine. */
  readonly origins?: readonly string[]
  readonly answerMs?: number
  /** Tells all addresses of a name. */
  readonly resolve?: (name: string, done: (error: Error | null, all: readonly LookupAddress[]) => void) => void
}

const resolveAll: NonNullable<PostOptions['resolve']> = (name, done) => lookup(name, { all: true }, done)

export function createPost({ origins = [], answerMs = PUSH_ANSWER_MS_MAX, resolve = resolveAll }: PostOptions = {}): Post {
  const far: LookupFunction = (name, options, callback) => {
    resolve(name, (error, all) => {
      const [first] = error ? [] : all
      if (error || !first) callback(error ?? new Error('a push service has no address'), '')
      else if (all.some(({ address }) => isNear(address))) callback(new Error('a push service resolves to an address near the relay'), '')
      else if (options.all === true) callback(null, [...all])
      else callback(null, first.address, first.family)
    })
  }
  return ({ url, headers, body }) =>
    new Promise((done, fail) => {
      const isTest = origins.includes(url.origin)
      const signal = AbortSignal.timeout(answerMs)
      const ask = isTest && url.protocol === 'http:' ? requestPlain : request
      // Each push has a connection of its own, or one that was looked at would serve a name that leads elsewhere by now.
      const asked = ask(url, {
        method: 'POST',
        headers: { ...headers, 'content-length': body.length },
        signal,
        agent: false,
        ...(isTest ? {} : { lookup: far }),
      })
      asked.on('error', fail)
      asked.on('response', (response) => {
        const after = response.headers['retry-after']
        const seconds = after === undefined ? NaN : Number(after)
        done({ status: response.statusCode ?? 0, retryAfterMs: Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined })
        // Nobody needs what it says, and it might never end.
        response.destroy()
      })
      asked.end(body)
    })
}
