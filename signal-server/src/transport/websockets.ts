// The page and the relay share one port: libp2p's WebSocket listener owns it, and hands plain HTTP requests to us.

import { webSockets } from '@libp2p/websockets'
import { HTTP_HEAD_BYTES_MAX, SOCKET_MESSAGE_BYTES_MAX } from '../limits.ts'
import { arrivalsPerMinuteOf, createArrivals } from './arrivals.ts'
import { groupOf, refuseUpgrade } from './crowd.ts'
import { gatherSends } from './gathered-sends.ts'
import { createReadings } from './readings.ts'
import { createSilences } from './silences.ts'
import type { Listener, Transport } from '@libp2p/interface'
import type { WebSocketsComponents } from '@libp2p/websockets'
import type { IncomingMessage, RequestListener, Server as HttpServer } from 'node:http'
import type { Server, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Arrivals } from './arrivals.ts'
import type { NetworkBounds } from './bounds.ts'
import type { Crowd } from './crowd.ts'
import type { SendingSocket } from './gathered-sends.ts'
import type { Readings, ReadSocket } from './readings.ts'
import type { AskedSocket, ReadBytes, Silences } from './silences.ts'

export type SharedPort = {
  readonly onRequest: RequestListener
  readonly socketsMax: number
  readonly crowd: Crowd
  /** For one address. */
  readonly connectionsMax: number
  readonly onTooFast: () => void
  readonly bounds: NetworkBounds
}

/** The parts of @libp2p/websockets' listener that its types do not show. Checked below, because an update may rename them. */
type OpenListener = Listener & {
  httpRequestHandler: RequestListener
  readonly server: Server
  readonly http?: HttpServer
  readonly wsServer: { readonly options: { maxPayload: number }; handleUpgrade: HandleUpgrade }
}
type WebSocket = SendingSocket & ReadSocket & AskedSocket & { on(event: 'error', listener: () => void): void }
type OnSocket = (socket: WebSocket, request: IncomingMessage) => void
type Doors = { readonly crowd: Crowd; readonly readings: Readings; readonly arrivals: Arrivals; readonly silences: Silences }
type HandleUpgrade = (request: IncomingMessage, socket: Duplex & ReadBytes, head: Buffer, onSocket: OnSocket) => void

export function webSocketsWithPage(shared: SharedPort): (components: WebSocketsComponents) => Transport {
  const { headMs, idleMs, checkMs } = shared.bounds
  const http = {
    headersTimeout: headMs,
    requestTimeout: idleMs,
    keepAliveTimeout: idleMs,
    maxHeaderSize: HTTP_HEAD_BYTES_MAX,
    connectionsCheckingInterval: checkMs,
  }
  return (components) => {
    const transport = webSockets({ http })(components)
    const createListener = transport.createListener.bind(transport)
    transport.createListener = (options) => sharePort(createListener(options), shared)
    return transport
  }
}

function sharePort(listener: Listener, { onRequest, socketsMax, crowd, connectionsMax, onTooFast, bounds }: SharedPort): Listener {
  if (!isOpenListener(listener)) throw new Error('this version of @libp2p/websockets does not let the page share its port')
  // Bound to the HTTP server when the listener starts to listen; until then it may be replaced.
  listener.httpRequestHandler = onRequest
  listener.wsServer.options.maxPayload = SOCKET_MESSAGE_BYTES_MAX
  const readings = createReadings()
  const silences = createSilences(bounds.silenceCheckMs)
  const arrivals = createArrivals({ perMinuteMax: arrivalsPerMinuteOf(connectionsMax), isAlone: readings.isAlone, onRefused: onTooFast })
  listener.wsServer.handleUpgrade = admitOnly(
    { crowd, readings, arrivals, silences },
    surviveErrors(listener.wsServer.handleUpgrade.bind(listener.wsServer)),
  )
  listener.server.maxConnections = socketsMax
  listener.server.on('connection', (socket: Socket) => {
    if (crowd.admitSocket(socket)) dropWhenSilent(socket, bounds.headMs)
    else socket.destroy()
  })
  closeEverySocket(listener, silences)
  // The inner HTTP server never listens itself, and so would never start to look for requests that take too long.
  listener.addEventListener('listening', () => listener.http?.emit('listening'))
  return listener
}

const isOpenListener = (listener: Listener): listener is OpenListener =>
  'httpRequestHandler' in listener && 'server' in listener && 'wsServer' in listener

/** libp2p listens to no errors of its server's sockets: one frame that breaks the rules of WebSocket would end the whole process. */
const surviveErrors =
  (handleUpgrade: HandleUpgrade): HandleUpgrade =>
  (request, socket, head, onSocket) =>
    handleUpgrade(request, socket, head, (webSocket, upgraded) => {
      webSocket.on('error', () => webSocket.terminate())
      gatherSends(webSocket)
      onSocket(webSocket, upgraded)
    })

/** libp2p asks the request's socket for the visitor's address, and so it finds there what {@link Crowd} takes for it. */
const admitOnly =
  ({ crowd, readings, arrivals, silences }: Doors, handleUpgrade: HandleUpgrade): HandleUpgrade =>
  (request, socket, head, onSocket) => {
    const address = crowd.addressOf(request)
    if (!crowd.admitConnection(address, socket)) return refuseUpgrade(socket)
    const enter = (): void => {
      const visitor = Object.create(request.socket, { remoteAddress: { value: address } }) as Socket
      const upgraded = Object.create(request, { socket: { value: visitor } }) as IncomingMessage
      handleUpgrade(request, socket, head, (webSocket) => {
        const reading = readings.of(groupOf(address), webSocket)
        // Around what `ws` does with it, and all that comes of that at once.
        socket.prependListener('data', reading.begin)
        socket.on('data', reading.end)
        socket.once('close', reading.close)
        silences.watch(socket, webSocket)
        onSocket(webSocket, upgraded)
      })
    }
    if (!arrivals.come(groupOf(address), socket, enter)) refuseUpgrade(socket)
  }

/** A socket that says nothing is closed. An upgrade to WebSocket clears the timeout; libp2p has its own from there on. */
function dropWhenSilent(socket: Socket, headMs: number): void {
  socket.setTimeout(headMs)
  socket.once('timeout', () => socket.destroy())
}

/**
 * When libp2p closes the listener, it forgets the sockets that have said nothing yet, and waits for them. Browsers open such sockets ahead of
 * time, so a relay that is told to stop would have to be ended by force.
 */
function closeEverySocket(listener: OpenListener, silences: Silences): void {
  const sockets = new Set<Socket>()
  listener.server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const close = listener.close.bind(listener)
  listener.close = () => {
    silences.stop()
    const closed = close()
    for (const socket of sockets) socket.destroy()
    return closed
  }
}
