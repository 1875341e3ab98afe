// What there is to look at, each scene in a world of its own, so that one that fails does not take the others with it.

import type { Camera } from './camera.ts'
import { shootConversation } from './conversation.ts'
import { shootDevices } from './devices.ts'
import { shootLoading, shootFailures } from './failures.ts'
import { shootGroups } from './groups.ts'
import { shootLater } from './later.ts'
import { shootList } from './list.ts'
import { shootLiving } from './living.ts'
import { shootMedia } from './media.ts'
import { shootMeeting, shootFirstLinkOffline } from './meeting.ts'
import { shootMessages } from './messages.ts'
import { shootLate, shootRefusals, shootUnreachable } from './refusals.ts'
import { shootSearch } from './search.ts'
import { shootSettings } from './settings.ts'
import { shootTrouble } from './trouble.ts'
import { shootUpdate } from './update.ts'
import { shootVoice } from './voice.ts'

export type Scene = (camera: Camera) => Promise<void>

export const SCENES: Readonly<Record<string, Scene>> = {
  meeting: shootMeeting,
  'first-link': shootFirstLinkOffline,
  talk: shootConversation,
  list: shootList,
  groups: shootGroups,
  messages: shootMessages,
  living: shootLiving,
  later: shootLater,
  media: shootMedia,
  voice: shootVoice,
  search: shootSearch,
  settings: shootSettings,
  devices: shootDevices,
  refusals: shootRefusals,
  unreachable: shootUnreachable,
  late: shootLate,
  failures: shootFailures,
  loading: shootLoading,
  update: shootUpdate,
  trouble: shootTrouble,
}
