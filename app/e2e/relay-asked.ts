// Loaded into the relay process of a walk, before anything of its own: writes down each HTTP request, whoever made it. What a page's own tools do
// not show is among them: requests of the service worker and of the browser itself.

import { appendFileSync } from 'node:fs'
import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'

const file = process.env['WALK_ASKED']

subscribe('http.server.request.start', (message) => {
  const { request } = message as { readonly request: IncomingMessage }
  const { url = '', headers } = request
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ path: url, referer: headers.referer })}\n`)
})
