// Tells a page that this device was wiped, by whichever tab.

import { ENGINE_CHANNEL, parseAnnouncement } from './channel.ts'

/** Calls `restart` when a tab has wiped this device. */
export function onWiped(restart: () => void): () => void {
  const channel = new BroadcastChannel(ENGINE_CHANNEL)
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (parseAnnouncement(data)?.kind === 'wiped') restart()
  }
  return () => channel.close()
}
