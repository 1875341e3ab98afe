// Preloaded by `npm run simulate`: curves are OpenSSL's, for speed, and what the host keeps up is compared with what it stands for, each time.

import './native-curves.ts'
import { replaceModules } from './replace-modules.ts'

replaceModules([
  { wanted: '../../src/host/watch/chat-list.ts', given: 'audited-chat-list.ts' },
  { wanted: '../../src/host/duty-book.ts', given: 'audited-duty-book.ts' },
  { wanted: '../../src/host/network/reachability.ts', given: 'audited-reachability.ts' },
])
