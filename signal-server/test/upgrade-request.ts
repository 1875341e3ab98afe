// A request for a WebSocket as raw bytes, for tests that write to a socket themselves (RFC 6455 §4.1).

export const UPGRADE_REQUEST = [
  'GET / HTTP/1.1',
  'Host: a',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  '',
  '',
].join('\r\n')
