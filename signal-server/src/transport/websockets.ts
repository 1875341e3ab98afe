// The page and the relay share one port: libp2p's WebSocket listener owns it, and hands plain HTTP requests to us.

import { webSockets } from '@libp2p/websockets'
import { HTTP_CHECK_MS, HTTP_HEAD_BYTES_MAX, HTTP_HEAD_MS_MAX, HTTP_IDLE_MS_MAX, SOCKET_MESSAGE_BYTES_MAX } from '../limits.ts'
import type { Listener, Transport } from '@libp2p/interface'
import type { WebSocketsComponents } from '@libp2p/websockets'
import type { IncomingMessage, RequestListener, Server as HttpServer } from 'node:http'
import type { Server, Socket } from 'node:net'
import type { Duplex } from 'node:stream'

export type SharedPort = { readonly onRequest: RequestListener; readonly socketsMax: number }

/** The parts of @libp2p/websockets' listener that its types do not show. Checked below, because an update may rename them. */
type OpenListener = Listener & {
  httpRequestHandler: RequestListener
  readonly server: Server
  readonly http?: HttpServer
  readonly wsServer: { readonly options: { maxPayload: number }; handleUpgrade: HandleUpgrade }
}
type WebSocket = { on(event: 'error', listener: () => void): void; terminate(): void }
type OnSocket = (socket: WebSocket, request: IncomingMessage) => void
type HandleUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer, onSocket: OnSocket) => void

export function webSocketsWithPage(shared: SharedPort): (components: WebSocketsComponents) => Transport {
  const http = {
    headersTimeout: HTTP_HEAD_MS_MAX,
    requestTimeout: HTTP_IDLE_MS_MAX,
    keepAliveTimeout: HTTP_IDLE_MS_MAX,
    maxHeaderSize: HTTP_HEAD_BYTES_MAX,
    connectionsCheckingInterval: HTTP_CHECK_MS,
  }
  return (components) => {
    const transport = webSockets({ http })(components)
    const createListener = transport.createListener.bind(transport)
    transport.createListener = (options) => sharePort(createListener(options), shared)
    return transport
  }
}

function sharePort(listener: Listener, { onRequest, socketsMax }: SharedPort): Listener {
  if (!isOpenListener(listener)) throw new Error('this version of @libp2p/websockets does not let the page share its port')
  // Bound to the HTTP server when the listener starts to listen; until then it may be replaced.
  listener.httpRequestHandler = onRequest
  listener.wsServer.options.maxPayload = SOCKET_MESSAGE_BYTES_MAX
  listener.wsServer.handleUpgrade = surviveErrors(listener.wsServer.handleUpgrade.bind(listener.wsServer))
  listener.server.maxConnections = socketsMax
  listener.server.on('connection', dropWhenSilent)
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
      onSocket(webSocket, upgraded)
    })

/** A socket that says nothing is closed. An upgrade to WebSocket clears the timeout; libp2p has its own from there on. */
function dropWhenSilent(socket: Socket): void {
  socket.setTimeout(HTTP_HEAD_MS_MAX)
  socket.once('timeout', () => socket.destroy())
}
