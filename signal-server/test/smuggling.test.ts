// What a proxy in front and the relay could read differently, said to a real relay process byte by byte. Each case is a request that is answered, with one thing
// changed; behind it stands a second request, which nobody may answer then.

import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startRelay } from './start-relay.ts'
import { UPGRADE_REQUEST } from './upgrade-request.ts'
import type { StartedRelay } from './start-relay.ts'

// Each relay is a process, and on a busy machine it takes its time to start.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
let relay: StartedRelay
beforeAll(async () => {
  // A folder without a page, so that it does not matter whether one was built.
  relay = await startRelay({ dist: import.meta.dirname })
})
afterAll(async () => {
  await relay.stop()
})

const GET = 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n'
/** What must not be answered as a request of its own. */
const SECOND = 'GET /.well-known/kith/relays.json HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
const POST = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nabcd'
const CHUNKED = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n'
/** As many as Node counts in one head before it refuses it. */
const HEADERS_MAX = 1_000

/** Everything that is heard until the relay closes the connection, which it must. */
async function hear(text: string): Promise<string> {
  const socket = connect(relay.port, '127.0.0.1', () => socket.write(text, 'latin1'))
  let heard = ''
  socket.on('data', (part: Buffer) => (heard += part.toString('latin1'))).on('error', () => {})
  await once(socket, 'close')
  return heard
}
const statusesOf = (heard: string): readonly number[] => [...heard.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
const answersTo = async (text: string): Promise<readonly number[]> => statusesOf(await hear(text))

/** The same with one thing changed, which must be there. */
function changed(text: string, from: string, to: string): string {
  expect(text).toContain(from)
  return text.replace(from, () => to)
}

describe('a request', () => {
  test('is answered, and so is the next one on its connection', async () => {
    const heard = await hear(GET + SECOND)
    expect(statusesOf(heard)).toEqual([200, 200])
    expect(heard).toMatch(/ok\n.*"relays"/s)
    expect(await answersTo(changed(GET, 'GET', 'HEAD') + SECOND)).toEqual([200, 200])
  })
  test.each([
    ['a header that goes on in the next line', 'Host: a\r\n', 'Host: a\r\nX-One: b\r\n c\r\n'],
    ['an address that goes on in the next line', 'Host: a\r\n', 'Host: a\r\nX-Forwarded-For: 192.0.2.1,\r\n 192.0.2.2\r\n'],
    ['a line feed alone after the first line', '/1.1\r\n', '/1.1\n'],
    ['a line feed alone between two headers', 'Host: a\r\n', 'Host: a\nX-One: b\r\n'],
    ['a line feed alone at the end of the head', 'a\r\n\r\n', 'a\r\n\n'],
    ['a carriage return alone between two headers', 'Host: a\r\n', 'Host: a\rX-One: b\r\n'],
    ['a carriage return in a header', 'Host: a\r\n', 'Host: a\r\nX-One: b\rc\r\n'],
    ['a NUL in its path', '/healthz', '/health\0z'],
    ['a NUL in a header', 'Host: a\r\n', 'Host: a\r\nX-One: b\0c\r\n'],
    ['a space in its path', '/healthz', '/health z'],
    ['a space in the name of a header', 'Host: a\r\n', 'Host: a\r\nX One: b\r\n'],
    ['a space before the colon', 'Host: a', 'Host : a'],
    ['a space before its first header', 'Host: a', ' Host: a'],
    ['a header without a name', 'Host: a\r\n', 'Host: a\r\n: b\r\n'],
    ['no host', 'Host: a\r\n', ''],
    ['two hosts', 'Host: a\r\n', 'Host: a\r\nHost: b\r\n'],
    ['no version', ' HTTP/1.1\r\nHost: a', ''],
    ['a version that is not there', 'HTTP/1.1', 'HTTP/1.2'],
    ['the version of another protocol', 'HTTP/1.1', 'HTTP/2.0'],
    ['the address of a server as its path', '/healthz', 'http://a/healthz'],
    ['the address of another server as its path', '/healthz', 'http://b.example.org/healthz'],
  ])('with %s is refused, its connection closed, and what follows is not answered', async (_name, from, to) => {
    expect(await answersTo(changed(GET, from, to) + SECOND)).toEqual([400])
  })
  test('that asks for a way to another server gets no answer', async () => {
    expect(await answersTo(changed(GET, 'GET /healthz', 'CONNECT b.example.org:80') + SECOND)).toEqual([])
  })
  test('with as many headers as there may be is answered; with more it is refused', async () => {
    const many = (count: number): string => changed(GET, '\r\n\r\n', `\r\n${'a:\r\n'.repeat(count)}\r\n`)
    expect(await answersTo(many(HEADERS_MAX - 100) + SECOND)).toEqual([200, 200])
    expect(await answersTo(many(HEADERS_MAX + 100) + SECOND)).toEqual([431])
  })
})

describe('a body', () => {
  test.each([
    ['with its length', POST],
    ['in chunks', CHUNKED],
    ['of a request that has none as a rule', `GET /gone.txt HTTP/1.1\r\nHost: a\r\nContent-Length: ${SECOND.length}\r\n\r\n`],
  ])('%s is taken by nobody, and whatever stands behind it is not looked at', async (_name, text) => {
    const [status, ...others] = await answersTo(text + SECOND)
    expect(status).toBeOneOf([405, 404, 503])
    expect(others).toEqual([])
  })
  test.each([
    ['chunks beside its length', POST, 'Content-Length: 4', 'Content-Length: 4\r\nTransfer-Encoding: chunked'],
    ['a length beside its chunks', CHUNKED, 'chunked\r\n', 'chunked\r\nContent-Length: 4\r\n'],
    ['two lengths', POST, 'Content-Length: 4', 'Content-Length: 4\r\nContent-Length: 5'],
    ['the same length twice', POST, 'Content-Length: 4', 'Content-Length: 4\r\nContent-Length: 4'],
    ['a list of lengths', POST, ': 4', ': 4, 4'],
    ['a length with a sign', POST, ': 4', ': +4'],
    ['a negative length', POST, ': 4', ': -4'],
    ['a length in hexadecimal', POST, ': 4', ': 0x4'],
    ['a space before the colon of its length', POST, 'Length:', 'Length :'],
    ['its length in the next line', POST, ': 4', ':\r\n 4'],
    ['an encoding that nobody knows', CHUNKED, 'chunked', 'xchunked'],
    ['an encoding after the chunks', CHUNKED, 'chunked', 'chunked, identity'],
    ['two encodings', CHUNKED, 'chunked\r\n', 'chunked\r\nTransfer-Encoding: identity\r\n'],
    ['an odd space before its encoding', CHUNKED, ' chunked', ' \x0bchunked'],
    ['a space before the colon of its encoding', CHUNKED, 'Encoding:', 'Encoding :'],
    ['its encoding in the next line', CHUNKED, ': chunked', ':\r\n chunked'],
    ['chunks in an older version', CHUNKED, 'HTTP/1.1', 'HTTP/1.0'],
  ])('with %s is refused, its connection closed, and what follows is not answered', async (_name, text, from, to) => {
    expect(await answersTo(changed(text, from, to) + SECOND)).toEqual([400])
  })
  test.each([
    ['a size that is no number', '\r\n4\r\n', '\r\nzz\r\n'],
    ['a size with a prefix', '\r\n4\r\n', '\r\n0x4\r\n'],
    ['a space after the size', '\r\n4\r\n', '\r\n4 \r\n'],
    ['a size that no number holds', '\r\n4\r\n', '\r\nfffffffffffffffff4\r\n'],
    ['more bytes than it says', 'abcd\r\n', 'abcdX\r\n'],
    ['a line feed alone after the size', '\r\n4\r\n', '\r\n4\n'],
    ['a line feed alone after the bytes', 'abcd\r\n', 'abcd\n'],
    ['a line feed within an extension', '\r\n4\r\n', '\r\n4;a=b\nc\r\n'],
    ['a length after the last one', '0\r\n\r\n', '0\r\nContent-Length: 5\r\n\r\n'],
  ])('in chunks with %s gets one refusal, and what follows is not answered', async (_name, from, to) => {
    const [status, ...others] = await answersTo(changed(CHUNKED, from, to) + SECOND)
    // The head alone says that there is nothing for it; which of the two is said first is chance.
    expect(status).toBeOneOf([400, 405])
    expect(others).toEqual([])
  })
})

describe('an upgrade', () => {
  test('becomes a WebSocket, on which a request is nonsense', async () => {
    expect(await answersTo(UPGRADE_REQUEST + SECOND)).toEqual([101])
  })
  test.each([
    ['with a key that is none', 'AAAAAAAAAAAAAAAAAAAAAA==', 'A', 400],
    ['to a version that is not there', 'Version: 13', 'Version: 777', 400],
    ['to another protocol', 'Upgrade: websocket', 'Upgrade: h2c', 400],
    ['by a method with a body', 'GET / HTTP/1.1', 'POST / HTTP/1.1\r\nContent-Length: 4', 405],
    ['that is not named in Connection', 'Connection: Upgrade\r\n', '', 503],
  ])('%s fails, and no request follows it on its connection', async (_name, from, to, status) => {
    expect(await answersTo(changed(UPGRADE_REQUEST, from, to) + SECOND)).toEqual([status])
  })
})
