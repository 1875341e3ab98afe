// Modules of libraries that are not loaded, and what is there instead (docs/decisions/0050). Whatever bundles for a browser takes this list.

import { fileURLToPath } from 'node:url'

const adapter = (path: string): string => fileURLToPath(new URL(`../app/src/adapters/${path}.ts`, import.meta.url))

export const INSTEAD = [
  // What Yjs asks of its surroundings: its own library knows styles, how to draw into a page, and the variables of a process.
  { find: /^(?:lib0\/logging|(?:lib0|\.)\/environment(?:\.js)?)$/, replacement: adapter('documents/yjs-outside') },
  // Yjs as it is written instead of as one file, of which no part could be left out. No document of Kith has XML (protocol/src/documents/update.ts).
  { find: /^yjs$/, replacement: 'yjs/src/index.js' },
  { find: /^\.\/types\/YXml\w+\.js$/, replacement: adapter('documents/yjs-xml') },
  {
    find: /^(?:@libp2p\/logger|\.\/(?:ecdsa|rsa|secp256k1)\/\w+\.js)$/,
    replacement: adapter('libp2p/left-out'),
  },
  {
    find: /^\.\/(?:bases\/(?:base2|base8|base256emoji|identity)|hashes\/(?:sha2|identity)|codecs\/(?:json|raw))\.js$/,
    replacement: adapter('libp2p/nothing'),
  },
  {
    find: /^\.\/(?:connection-monitor|discovery|dns-mappings|dnsaddr|ip-mappings|observed-addresses|random-walk|rate-limiter|reconnect-queue)\.js$/,
    replacement: adapter('libp2p/left-out-node'),
  },
  { find: /^\.\/filters\/index\.js$/, replacement: adapter('libp2p/seen') },
  { find: /^mortice$/, replacement: adapter('libp2p/lock') },
  { find: /^(?:@chainsafe\/)?netmask$/, replacement: adapter('libp2p/netmask') },
  { find: /^@noble\/curves\/ed25519\.js$/, replacement: adapter('libp2p/curves') },
]
