// What the relay's port answers over plain HTTP: the page, /healthz, and which relay this is.

import { toHex } from '@kith/protocol'
import { encodingsOf } from './encodings.ts'
import { headersOf } from './headers.ts'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { HeaderOptions } from './headers.ts'
import type { ListedRelay } from '../config.ts'
import type { Encoding } from './encodings.ts'
import type { PageFile, PageFiles } from './page-files.ts'

export type PageOptions = HeaderOptions & {
  readonly files: PageFiles
  /** The relay's Ed25519 public key. */
  readonly key: Uint8Array
  /** Where the relay is reached from outside, when the operator said so. */
  readonly relayUrl: string | undefined
  /** More relays on the list, of others. */
  readonly others: readonly ListedRelay[]
  /** Undefined when all is well, else in one line what is not. */
  readonly ailment: () => Promise<string | undefined>
  readonly report: (error: unknown) => void
  /** False from the moment when the relay is told to stop: whoever spreads devices over relays sends no more to this one. */
  readonly isTaking: () => boolean
  /** Undefined when this request may not see figures, or there are none. */
  readonly metrics: (authorization: string | undefined) => Promise<string> | undefined
}
/** Bytes of a file that a request asks for, the last one included. */
type ByteRange = { readonly first: number; readonly last: number }
type Reply = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: Buffer | string }

const NO_PAGE = 'There is no page here yet. Build it with "npm run build", or set KITH_DIST to the folder that holds it.\n'
const PLAIN = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }

export function createPageHandler(options: PageOptions): RequestListener {
  return (request, response) => {
    replyTo(request, options)
      .catch((error: unknown): Reply => {
        options.report(error)
        return { status: 500, headers: PLAIN, body: 'That didn’t work. Try again.\n' }
      })
      .then((reply) => write({ request, response, reply, base: headersOf(options, request.headers.host) }))
      .catch(options.report)
  }
}

/**
 * What two servers in a row could read differently: no version (HTTP/0.9), two hosts, or the address of another server where a path belongs. Node refuses
 * the rest of it before anybody here is asked.
 */
const isUnclear = ({ httpVersion, url = '', headersDistinct }: IncomingMessage): boolean =>
  !/^1\.[01]$/.test(httpVersion) || !url.startsWith('/') || (headersDistinct['host'] ?? []).length > 1

/** Nothing here takes a body, and a WebSocket comes another way: whatever follows such a request on its connection is not looked at. */
const isLast = (request: IncomingMessage): boolean =>
  isUnclear(request) ||
  request.headers.upgrade !== undefined ||
  request.headers['transfer-encoding'] !== undefined ||
  Number(request.headers['content-length'] ?? 0) > 0

async function replyTo(request: IncomingMessage, options: PageOptions): Promise<Reply> {
  const isKnown = request.method === 'GET' || request.method === 'HEAD'
  if (!isKnown) return { status: 405, headers: { ...PLAIN, allow: 'GET, HEAD' }, body: 'Only GET and HEAD.\n' }
  if (isUnclear(request)) return { status: 400, headers: PLAIN, body: 'Not a request that can be read in one way only.\n' }
  const { files } = options
  const [path = '/'] = (request.url ?? '/').split('?')
  if (path === '/healthz') return healthReply(await options.ailment())
  if (path === '/readyz') return healthReply(options.isTaking() ? await options.ailment() : 'stopping')
  if (path === '/metrics') return metricsReply(await options.metrics(request.headers.authorization))
  if (path === '/.well-known/kith/relays.json') return relaysReply(options)
  const file = await files.find(path === '/' ? '/index.html' : path)
  if (file) return fileReply(request, path, file)
  const page = isNavigation(request, path) ? await files.find('/index.html') : undefined
  if (page) return fileReply(request, '/', page)
  return (await files.exists()) ? { status: 404, headers: PLAIN, body: 'Not found.\n' } : { status: 503, headers: PLAIN, body: NO_PAGE }
}

const healthReply = (ailment: string | undefined): Reply =>
  ailment === undefined ? { status: 200, headers: PLAIN, body: 'ok\n' } : { status: 503, headers: PLAIN, body: `${ailment}\n` }

// As if there were nothing: a relay without a token, and one that was sent a wrong one, look alike.
const metricsReply = (text: string | undefined): Reply =>
  text === undefined
    ? { status: 404, headers: PLAIN, body: 'Not found.\n' }
    : { status: 200, headers: { ...PLAIN, 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }, body: text }

function relaysReply({ key, relayUrl, others }: PageOptions): Reply {
  const relay = { key: toHex(key), ...(relayUrl === undefined ? {} : { url: relayUrl }) }
  const headers = {
    'content-type': 'application/json',
    'cache-control': 'no-cache',
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
  }
  return { status: 200, headers, body: `${JSON.stringify({ relays: [relay, ...others] })}\n` }
}

/** The page has routes of its own; anything that looks like a file, or is asked for by code, must exist. */
function isNavigation(request: IncomingMessage, path: string): boolean {
  if (path.startsWith('/assets/') || path.startsWith('/.well-known/') || /\.[a-z0-9]+$/i.test(path)) return false
  const mode = request.headers['sec-fetch-mode']
  return mode === undefined ? (request.headers.accept ?? '').includes('text/html') : mode === 'navigate'
}

async function fileReply(request: IncomingMessage, path: string, file: PageFile): Promise<Reply> {
  const form = await formOf(request, file)
  if (!form) return { status: 406, headers: { ...PLAIN, vary: 'accept-encoding' }, body: 'No encoding in common.\n' }
  const { encoding, body } = form
  const headers = {
    'content-type': file.type,
    // Names under /assets/ carry a hash of the content; everything else may change under its name.
    'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    'accept-ranges': 'bytes',
    vary: 'accept-encoding',
  }
  if (isKnownTo(request, file.etag(encoding))) return { status: 304, headers: { ...headers, etag: file.etag(encoding) }, body: '' }
  if (request.method === 'GET' && request.headers.range !== undefined) {
    // Of the bytes as they are: a part of a compressed form is of use to nobody who did not get the rest of the same form.
    const all = await file.encoded('identity')
    const range = all && rangeOf(request, file.etag('identity'), all.length)
    if (all && range) return partReply({ ...headers, etag: file.etag('identity') }, all, range)
  }
  const whole = { ...headers, etag: file.etag(encoding) }
  return { status: 200, headers: encoding === 'identity' ? whole : { ...whole, 'content-encoding': encoding }, body }
}

/** The smallest that the visitor takes. */
async function formOf(
  request: IncomingMessage,
  file: PageFile,
): Promise<{ readonly encoding: Encoding; readonly body: Buffer } | undefined> {
  const accepted = request.headers['accept-encoding']
  for (const encoding of encodingsOf(Array.isArray(accepted) ? accepted.join() : accepted)) {
    const body = await file.encoded(encoding)
    if (body) return { encoding, body }
  }
  return undefined
}

/** RFC 9110 §13.1.2: any of a list, weak or not. */
function isKnownTo(request: IncomingMessage, etag: string): boolean {
  const known = (request.headers['if-none-match'] ?? '').split(',').map((each) => each.trim().replace(/^W\//, ''))
  return known.includes(etag) || known.includes('*')
}

/** One range (RFC 9110 §14.2). Undefined when the whole file is the answer: no range that we know, several, or of another version. */
function rangeOf(request: IncomingMessage, etag: string, size: number): ByteRange | 'none' | undefined {
  const version = request.headers['if-range']
  const [, first, last] = /^bytes=([0-9]{0,15})-([0-9]{0,15})$/.exec(request.headers.range ?? '') ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined
  if (version !== undefined && version !== etag) return undefined
  const range =
    first === ''
      ? { first: Math.max(0, size - Number(last)), last: size - 1 }
      : { first: Number(first), last: last === '' ? size - 1 : Math.min(Number(last), size - 1) }
  if (last !== '' && first !== '' && Number(last) < Number(first)) return undefined
  return range.first > range.last ? 'none' : range
}

function partReply(headers: Readonly<Record<string, string>>, all: Buffer, range: ByteRange | 'none'): Reply {
  if (range === 'none') return { status: 416, headers: { ...PLAIN, 'content-range': `bytes */${all.length}` }, body: 'No such part.\n' }
  const { first, last } = range
  return {
    status: 206,
    headers: { ...headers, 'content-range': `bytes ${first}-${last}/${all.length}` },
    body: all.subarray(first, last + 1),
  }
}

type Exchange = {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly reply: Reply
  readonly base: Readonly<Record<string, string>>
}

function write({ request, response, reply, base }: Exchange): void {
  // A body that nobody asked for must not keep the connection busy.
  request.resume()
  const last = isLast(request) ? { connection: 'close' } : {}
  const length = reply.status === 304 ? {} : { 'content-length': String(Buffer.byteLength(reply.body)) }
  response.writeHead(reply.status, { ...base, ...reply.headers, ...length, ...last })
  response.end(request.method === 'HEAD' || reply.status === 304 ? undefined : reply.body)
}
