// What people allow a site in their browser's own settings. A test's tools only pretend to: a page is told that it may, and the browser acts
// as before. So it is written where Chromium keeps it.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export type SiteSetting = 'notifications'

const ALLOWED = { setting: 1 }

/** Before the first start of a profile; later, Chromium's own file stays as it is. */
export function allowInProfile(profile: string, origin: string, settings: readonly SiteSetting[]): void {
  const file = join(profile, 'Default', 'Preferences')
  if (settings.length === 0 || existsSync(file)) return
  const exceptions = Object.fromEntries(settings.map((setting) => [setting, { [`${origin},*`]: ALLOWED }]))
  mkdirSync(join(profile, 'Default'), { recursive: true })
  writeFileSync(file, JSON.stringify({ profile: { content_settings: { exceptions } } }))
}
